"""The menus of the timeline: what can be done with an interval, and which experts can be added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget, QWidgetAction

from app.language import sentence, tr
from app.timeline.candidates import Source
from app.widgets.plain_text import plain_tip
from app.widgets.value_slider import ValueSlider
from canvas.model.experts import Expert

SCENES_OWN = "the scene's"
GUIDANCE_WIDTH = 190


@dataclass(frozen=True)
class MenuActions:
    """What a menu's entries do.

    Attributes:
        reset: None where the model has no experts of its own, or they are in use.
        alone: None where the base has it all already.
    """

    split: Callable[[], None] | None
    replace: Callable[[Source], None]
    guide: Callable[[float | None], None]
    guided: Callable[[], None]
    remove: Callable[[], None] | None
    reset: Callable[[], None] | None
    alone: Callable[[], None] | None


def interval_menu(parent: QWidget, expert: Expert, title: str, sources: Sequence[Source], deeds: MenuActions) -> QMenu:
    """The menu of one interval."""
    menu = _menu(parent, title)
    _add(menu, tr("&Split Here"), deeds.split)
    _add_sources(menu.addMenu(tr("Re&place With")), sources, deeds.replace, now=expert)
    menu.addAction(_guidance(menu, expert, deeds))
    _add(menu, tr("Re&move"), deeds.remove)
    add_resets(menu, deeds.reset, deeds.alone)
    return menu


def add_menu(parent: QWidget, title: str, sources: Sequence[Source], add: Callable[[Source], None] | None) -> QMenu:
    """The menu from which an expert is added."""
    menu = _menu(parent, title)
    _add_sources(menu, sources, add)
    return menu


def add_resets(menu: QMenu, reset: Callable[[], None] | None, alone: Callable[[], None] | None) -> None:
    """The ways back, where there is one."""
    if reset is not None or alone is not None:
        menu.addSeparator()
    if reset is not None:
        _add(menu, tr("&Reset to the Model's Own"), reset)
    if alone is not None:
        _add(menu, tr("&Base Alone"), alone)


def _menu(parent: QWidget, title: str) -> QMenu:
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    menu.addAction(title.replace("&", "&&")).setEnabled(False)
    menu.addSeparator()
    return menu


def _add(menu: QMenu, text: str, act: Callable[[], None] | None) -> QAction:
    action = menu.addAction(text)
    action.setEnabled(act is not None)
    if act is not None:
        action.triggered.connect(lambda _checked=False: act())
    return action


def _add_sources(
    menu: QMenu, sources: Sequence[Source], act: Callable[[Source], None] | None, *, now: Expert | None = None
) -> None:
    menu.setToolTipsVisible(True)
    for source in sources:
        text = source.title.replace("&", "&&")
        action = _add(menu, text, partial(act, source) if act is not None and not source.problem else None)
        action.setToolTip(plain_tip(sentence(source.problem)))
        if now is not None:
            action.setCheckable(True)
            action.setChecked(source.is_of(now))


def _guidance(menu: QMenu, expert: Expert, deeds: MenuActions) -> QWidgetAction:
    """A slider in the menu: the guidance of this interval, or the scene's."""
    slider = ValueSlider(
        tr("Guidance"), low=1, high=15, typed_high=30, default=None, step=0.5, decimals=1, automatic=tr(SCENES_OWN)
    )
    slider.explain(tr("How closely this expert follows the prompt; the scene's guidance unless set here"))
    slider.setMinimumWidth(GUIDANCE_WIDTH)
    slider.set_value(expert.guidance)
    slider.value_changed.connect(deeds.guide)
    slider.released.connect(deeds.guided)
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(8, 3, 8, 3)
    column.addWidget(slider)
    action = QWidgetAction(menu)
    action.setDefaultWidget(box)
    return action
