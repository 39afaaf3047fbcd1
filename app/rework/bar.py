"""The bar at the canvas' foot while there is a picture: what of it is made anew, how much, and the ways to go on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from app.actions import Actions
from app.language import tr
from app.rework.varying import FROM_PICTURE, TOKENS, VARY_WAYS, slider_of
from app.widgets.helpers import Choice, named
from app.widgets.overlay import Overlay
from app.widgets.plain_text import plain_tip
from app.widgets.theme import Theme
from app.widgets.value_slider import ValueSlider

EDGE = 6
USUAL = {"repaint": 70, "vary": 60}  # percent
LEAST = 5
SELECTION, WORD, WHOLE, NEW, EDIT = "selection", "word", "whole", "new", "edit"
"""What can be made anew: what is selected, the chosen word's paint, the whole picture, what a larger canvas has new,
and the words that were edited since the picture was made."""
CONTEXTS = {
    "": "As Suits Its Size",
    "32": "32 Pixels",
    "64": "64 Pixels",
    "128": "128 Pixels",
    "all": "The Whole Picture",
}
SHAPE_WAYS = {
    "": "Off",
    "noise": "On, From Noise",
    "picture": "On, From the Picture's Own Noise",
}
"""Whether what is made anew fills its part exactly, see `canvas.model.begun.SHAPES`."""


class ReworkBar(Overlay):
    """Announces what is asked; `strength` says how much is made anew, 0..1."""

    asked = Signal()
    target_chosen = Signal(str)
    strength_changed = Signal(float)
    context_chosen = Signal(str)  # of CONTEXTS
    shape_chosen = Signal(str)  # of SHAPE_WAYS
    way_chosen = Signal(str)  # of VARY_WAYS
    details_asked = Signal()  # of an edit of words
    grow_asked = Signal()  # the canvas is to be as large as the picture

    def __init__(self, actions: Actions, theme: Theme, view: QWidget, above: QWidget) -> None:
        """`above` is a bar at the same edge, above which it lies while both are there."""
        super().__init__(view, "reworkBar")
        self.keep_clear_of(above)
        self.target = named(Choice(), "reworkTarget")
        self.target.setAccessibleName(tr("What is redone"))
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.target.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.target.activated.connect(lambda _index: self.target_chosen.emit(self.target.currentData()))
        self.slider = ValueSlider(tr("Strength"), low=LEAST, high=100, default=USUAL["repaint"], step=1, suffix=" %")
        self.slider.setFixedWidth(140)
        self.slider.explain(slider_of(FROM_PICTURE)[1])
        self.slider.value_changed.connect(lambda _value: self.strength_changed.emit(self.strength))
        self.button = named(QPushButton(tr("Repaint")), "reworkGo")
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(lambda _checked=False: self.asked.emit())
        self.again = self._tool("rework.again", actions, tr("Again"))
        self.grow = named(QToolButton(), "reworkGrow")
        self.grow.setAutoRaise(True)
        self.grow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.grow.clicked.connect(lambda _on=False: self.grow_asked.emit())
        self.grow.hide()
        self._others = [
            self._tool("rework.refine", actions, tr("Refine…")),
            self._tool("rework.extend", actions, tr("Extend…")),
        ]
        self.more = QToolButton()
        self.more.setText("…")
        self.more.setAutoRaise(True)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip(plain_tip(tr("More ways to redo it, and this bar")))
        self.more.setAccessibleName(self.more.toolTip())
        menu = QMenu(self.more)
        self.contexts = self._choice(menu, tr("What the Model Sees Around It"), CONTEXTS, self.context_chosen)
        self.shapes = self._choice(menu, tr("Keep to the Shape Exactly"), SHAPE_WAYS, self.shape_chosen)
        self.ways = self._choice(menu, tr("Vary the Whole Picture"), VARY_WAYS, self.way_chosen)
        self.ways.setToolTipsVisible(True)
        self.details = menu.addAction(tr("Edit Words in Detail…"))
        self.details.triggered.connect(lambda _on=False: self.details_asked.emit())
        menu.addSeparator()
        menu.addAction(actions["view.rework_bar"])
        self.more.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 3, 3)
        row.setSpacing(6)
        for widget in (self.target, self.slider, self.button, self.again, self.grow, *self._others, self.more):
            row.addWidget(widget)

    @property
    def room(self) -> int:
        """How much of the view's lower edge it covers, in pixels."""
        self.layout().activate()  # type: ignore[union-attr]
        return self.sizeHint().height() + 2 * EDGE

    @property
    def strength(self) -> float:
        """How much is made anew, 0..1."""
        value = self.slider.value
        return (USUAL["repaint"] if value is None else float(value)) / 100

    def offer(self, targets: Mapping[str, str], chosen: str, *, button: str, tip: str, strength: float | None) -> None:
        """Say what can be made anew, by its kind and in words, and show the bar.

        Args:
            button: what it does. strength: how much, 0..1; None where that cannot be chosen.
        """
        with QSignalBlocker(self.target), QSignalBlocker(self.slider):
            self.target.clear()
            for kind, text in targets.items():
                self.target.addItem(text, kind)
            self.target.setCurrentIndex(list(targets).index(chosen))
            self.slider.setVisible(strength is not None)
            if strength is not None:
                self.slider.set_value(round(100 * strength))
        for menu in (self.contexts, self.shapes):
            menu.setEnabled(chosen in (SELECTION, WORD))
        self.button.setText(button)
        self.button.setToolTip(plain_tip(tip))
        self.appear()

    def offer_size(self, picture: tuple[int, int] | None, canvas: tuple[int, int]) -> None:
        """Offer to make the canvas as large as the picture, and say what comes of it else; None for nothing to offer.

        To be called before `offer`, which lays the bar out.
        """
        self.grow.setVisible(picture is not None)
        if picture is None:
            return
        width, height = picture
        self.grow.setText(tr("Canvas to {width} × {height}", width=width, height=height))
        tip = tr(
            "The canvas has {width} × {height} pixels, and what you make anew comes that small. This makes the canvas "
            "as large as the picture, with its paint, colours and guides.",
            width=canvas[0], height=canvas[1],
        )  # fmt: skip
        self.grow.setToolTip(plain_tip(tip))
        self.grow.setAccessibleName(self.grow.text())

    def offer_ways(self, way: str | None, why_no_tokens: str = "") -> None:
        """Tick how the picture is varied (VARY_WAYS), by which the slider is called; None where something else is done.

        Args:
            why_no_tokens: why it cannot be by its look and content; "" where it can.
        """
        label, tip = slider_of(way or FROM_PICTURE)
        self.slider.rename(label)
        self.slider.explain(tip)
        self.ways.setEnabled(way is not None)
        for action in self.ways.actions():
            action.setChecked(action.data() == way)
            if action.data() == TOKENS:
                action.setEnabled(not why_no_tokens)
                action.setToolTip(plain_tip(why_no_tokens))

    def show_ways(self, context: str, shape: str, *, details: bool) -> None:
        """Tick how much the model sees around what is repainted (CONTEXTS), and whether the shape is kept (SHAPE_WAYS).

        Args:
            details: whether words of the picture can be edited.
        """
        for menu, chosen in ((self.contexts, context), (self.shapes, shape)):
            for action in menu.actions():
                action.setChecked(action.data() == chosen)
        self.details.setEnabled(details)

    def place(self) -> None:
        """Lie in the middle of the view's lower edge, above the bar of results that are looked at."""
        view = self.free
        for widget in self._others:  # the menus have them too, where there is no room
            widget.show()
        for wide in (True, False):
            self.layout().activate()  # type: ignore[union-attr]
            if wide and self.sizeHint().width() > view.width() - 2 * EDGE:
                for widget in self._others:
                    widget.hide()
        self.resize(self.sizeHint())
        self.move(view.left() + (view.width() - self.width()) // 2, view.bottom() + 1 - self.height() - EDGE)

    def _choice(self, menu: QMenu, title: str, texts: Mapping[str, str], chosen: SignalInstance) -> QMenu:
        """A menu of values, one of which is ticked."""
        inner: QMenu = menu.addMenu(title)
        group = QActionGroup(inner)
        for value, text in texts.items():
            action = inner.addAction(tr(text))
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(lambda _on=False, value=value: chosen.emit(value))
            group.addAction(action)
        return inner

    def _tool(self, name: str, actions: Actions, text: str) -> QToolButton:
        """A button of an action, under a short name."""
        button = QToolButton()
        action = actions[name]
        button.setText(text)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.text().replace("&", ""))

        def follow() -> None:
            button.setEnabled(action.isEnabled())
            button.setToolTip(plain_tip(action.toolTip()))
            if name == "rework.again":
                button.setVisible(action.isEnabled())

        action.changed.connect(follow)
        follow()
        button.clicked.connect(lambda _on=False: action.trigger())
        return button
