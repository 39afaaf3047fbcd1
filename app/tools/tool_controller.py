"""Which tool is in the hand: from the actions to the canvas, and back to the buttons that show it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QActionGroup

from app.actions import Actions
from app.session import Session
from canvas.view.canvas_view import CanvasView
from canvas.view.tools.base import Tool
from canvas.view.tools.brush_tool import BrushTool
from canvas.view.tools.eyedropper_tool import EyedropperTool
from canvas.view.tools.fill_tool import FillTool
from canvas.view.tools.gradient_tool import GradientTool
from canvas.view.tools.line_tool import LineTool
from canvas.view.tools.move_tool import MoveTool
from canvas.view.tools.pick_tool import PickTool
from canvas.view.tools.select_tool import SelectTool
from canvas.view.tools.shape_tool import ShapeTool
from canvas.view.tools.transform_tool import TransformTool

SHAPES = ("rectangle", "ellipse", "lasso", "polygon")
MAKERS: dict[str, Callable[[], Tool]] = {
    "line": LineTool,
    **{kind: partial(ShapeTool, kind) for kind in SHAPES},
    "fill": FillTool,
    "gradient": GradientTool,
    "radial": partial(GradientTool, round_=True),
    "move": MoveTool,
    "transform": TransformTool,
    "pick": PickTool,
    "eyedropper": EyedropperTool,
    **{f"select-{kind}": partial(SelectTool, kind) for kind in SHAPES},
}
"""The tools besides the brush: the name after `tool.` of the action, and what makes the tool."""


class ToolController(QObject):
    """One tool is always in the hand. Brush and eraser are one tool; the eraser works with shapes, too.

    Signals:
        said: what to do with the tool that was taken.
    """

    said = Signal(str)

    def __init__(self, session: Session, actions: Actions, *, view: CanvasView) -> None:
        super().__init__(view)
        self._session, self._actions, self._view = session, actions, view
        self._group = QActionGroup(self)
        for name in ("brush.paint", *(f"tool.{name}" for name in MAKERS)):
            self._group.addAction(actions[name])
        actions["brush.paint"].triggered.connect(self._take_brush)
        actions["brush.erase"].triggered.connect(self._erase)
        for name in MAKERS:
            actions[f"tool.{name}"].triggered.connect(lambda _on=False, name=name: self.take(name))
        view.tool_changed.connect(lambda _name: self._show())
        session.brush_changed.connect(lambda _brush: self._show())
        self._show()

    def take(self, name: str) -> None:
        """Take a tool other than the brush by its name; it paints, even if the eraser was in the hand."""
        self._view.use_brush()
        self._view.set_tool(MAKERS[name]())
        self._show()
        self.said.emit(self._view.tool.hint)

    def _take_brush(self) -> None:
        self._view.set_tool(BrushTool())
        self._view.use_brush()
        self._show()

    def _erase(self) -> None:
        """The eraser in place of the brush; with another tool it is switched on and off."""
        if self._view.tool.name == "brush" or not self._session.brush.erase:
            self._view.use_eraser()
        else:
            self._view.use_brush()
        self._show()

    def _show(self) -> None:
        tool, erase = self._view.tool.name, self._session.brush.erase
        name = "brush.paint" if tool == "brush" else f"tool.{tool}"
        self._group.setExclusive(False)  # with the eraser in the hand none of the group is
        for action in self._group.actions():
            action.setChecked(action.objectName() == name and not (tool == "brush" and erase))
        self._group.setExclusive(True)
        self._actions["brush.erase"].setChecked(erase)
