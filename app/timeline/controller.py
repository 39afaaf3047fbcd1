"""The timeline under the canvas: follows the document, and makes what is done on it an edit of the scene."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.language import tr
from app.session import Session
from app.timeline import partition
from app.timeline.candidates import Source, problem_of, sources
from app.timeline.menus import MenuActions, add_menu, add_resets, interval_menu
from app.timeline.partition import Experts
from app.timeline.strip_widget import Strip
from app.widgets.helpers import named, small_button
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import Theme
from canvas.model import edits
from canvas.model.document import Change
from canvas.model.errors import CanvasError
from engine.facts import NoiseLevels
from resources.limits import MAX_EXPERTS


class Timeline(QWidget):
    """Who denoises at which noise, in the scene of a document."""

    failed = Signal(object)  # an edit that the scene refuses

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # from noise to picture, as its strip is drawn
        document = session.document
        self._session, self._document, self._theme = session, document, theme
        self._levels: NoiseLevels | None = None
        self._asked: tuple[str, str, int] | None = None
        self.strip = Strip(theme)
        self.add = named(small_button(tr("Add an expert")), "addExpert")
        self.add.clicked.connect(lambda: self._ask_add())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 8, 2)
        row.setSpacing(8)
        row.addWidget(named(PlainLabel(tr("Noise")), "muted"))
        row.addWidget(self.strip, 1)
        row.addWidget(named(PlainLabel(tr("Picture")), "muted"))
        row.addWidget(self.add)
        self.strip.moved.connect(self._move)
        self.strip.move_ended.connect(document.end_merge)
        self.strip.split_asked.connect(self._split)
        self.strip.remove_asked.connect(self._remove)
        self.strip.menu_asked.connect(self._ask_menu)
        self._unsubscribe = document.subscribe(self._on_change)
        session.models_changed.connect(lambda _models: self._show_anew())
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._show()

    def close_down(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    def _show_anew(self) -> None:
        """The models were listed again: what was read of them before may be out of date."""
        self._asked = None
        self._show()

    def show_levels(self) -> None:
        """Put the ticks where the steps are, if that can be said by now."""
        settings = self._document.scene.settings
        asked = (settings.model, settings.sampler, settings.steps)
        if asked != self._asked or self._levels is None:
            self._asked = asked
            self._levels = self._session.noise_levels()
            self.strip.show_levels(self._levels, settings.steps)

    # what is shown -----------------------------------------------------------------------------------------------
    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "settings"}:
            self._show()

    def _show(self) -> None:
        facts = self._session.facts
        experts = self.experts
        problems = tuple(problem_of(expert, facts, self._session.facts_of) for expert in experts)
        plain = len(experts) == 1 and experts[0].guidance is None and not any(problems)
        self.show_levels()
        self.strip.show_experts(experts, problems, slim=plain)

    @property
    def experts(self) -> Experts:
        """Who works, highest noise first."""
        settings = self._document.scene.settings
        facts = self._session.facts
        return partition.shown(settings.experts, facts.experts if facts is not None else ())

    # edits -------------------------------------------------------------------------------------------------------
    def _keep(self, experts: Experts, label: str, *, merge_key: str | None = None) -> None:
        facts = self._session.facts
        self._set(partition.kept(experts, facts.experts if facts is not None else ()), label, merge_key=merge_key)

    def _set(self, experts: Experts | None, label: str, *, merge_key: str | None = None) -> None:
        try:
            scene = edits.set_settings(self._document.scene, experts=experts)
        except CanvasError as error:
            self.failed.emit(error)
            return
        self._document.apply(scene, label, merge_key=merge_key)

    def _move(self, boundary: int, place: float) -> None:
        moved = partition.move(self.experts, boundary, place, self.strip.axis)
        self._keep(moved, f"Move where “{moved[boundary].name}” ends", merge_key=f"boundary:{boundary}")

    def _split(self, index: int, place: float) -> None:
        if len(self.experts) < MAX_EXPERTS:
            self._keep(
                partition.split(self.experts, index, place, self.strip.axis), f"Split “{self.experts[index].name}”"
            )

    def _remove(self, index: int) -> None:
        self._keep(partition.remove(self.experts, index), f"Remove “{self.experts[index].name}”")

    def _replace(self, index: int, source: Source) -> None:
        changes = {"name": source.name, "model": source.model, "part": source.part}
        self._keep(partition.change(self.experts, index, **changes), f"Replace “{self.experts[index].name}”")

    def _guide(self, index: int, guidance: float | None) -> None:
        label = f"Guidance of “{self.experts[index].name}”"
        self._keep(
            partition.change(self.experts, index, guidance=guidance), label, merge_key=f"expert guidance:{index}"
        )

    def _add(self, index: int, source: Source) -> None:
        """Split an interval in the middle and give its later half to another expert."""
        halves = partition.split(self.experts, index, self.strip.split_place(index), self.strip.axis)
        changes = {"name": source.name, "model": source.model, "part": source.part}
        self._keep(partition.change(halves, index + 1, **changes), f"Add “{source.name}”")

    # menus -------------------------------------------------------------------------------------------------------
    def _ask_menu(self, index: int, place: float, where: QPoint) -> None:
        expert = self.experts[index]
        reset, alone = self._resets()
        deeds = MenuActions(
            split=(lambda: self._split(index, place)) if self._has_room(index) else None,
            replace=lambda source: self._replace(index, source),
            guide=lambda guidance: self._guide(index, guidance),
            guided=self._document.end_merge,
            remove=(lambda: self._remove(index)) if len(self.experts) > 1 else None,
            reset=reset,
            alone=alone,
        )
        self._pop_up(
            interval_menu(self, expert, tr("Expert “{name}”", name=expert.name), self._sources(), deeds), where
        )

    def _ask_add(self) -> None:
        shape = self.strip.shape
        widest = max(range(len(self.experts)), key=lambda index: shape.interval(index).width())
        add = (lambda source: self._add(widest, source)) if self._has_room(widest) else None
        title = tr("The later half of “{name}” goes to", name=self.experts[widest].name)
        menu = add_menu(self, title, self._sources(), add)
        add_resets(menu, *self._resets())
        # Over its button: under it is the end of the window.
        size = menu.sizeHint()
        self._pop_up(menu, self.add.mapToGlobal(QPoint(self.add.width() - size.width(), -size.height())))

    def _pop_up(self, menu: QMenu, where: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def _sources(self) -> list[Source]:
        return sources(self._document.scene.settings.model, self._session.models.items(), self._session.facts_of)

    def _has_room(self, index: int) -> bool:
        return len(self.experts) < MAX_EXPERTS and partition.can_split(self.experts[index], self.strip.axis)

    def _resets(self) -> tuple[Callable[[], None] | None, Callable[[], None] | None]:
        """What restores the model's own experts and its base alone; None for what is so already."""
        chosen = self._document.scene.settings.experts
        facts = self._session.facts
        has_own = facts is not None and bool(facts.experts)
        reset = (lambda: self._set(None, "The model's own experts")) if has_own and chosen is not None else None
        is_alone = chosen == () or (chosen is None and not has_own)
        alone = None if is_alone else (lambda: self._set(() if has_own else None, "The base alone"))
        return reset, alone

    # look --------------------------------------------------------------------------------------------------------
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.colours.panel))
        painter.fillRect(0, 0, self.width(), 1, QColor(self._theme.colours.line))
        painter.end()

    def _paint_icons(self) -> None:
        self.add.setIcon(self._theme.icon("ph.plus", role="muted"))
        self.update()
