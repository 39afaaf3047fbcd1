"""Which text encoders read the prompt, and how loudly each is heard: a part of the settings dock."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.language import sentence, tr
from app.session import Session
from app.vocabulary import ENCODER_NAMES, called
from app.widgets.helpers import named, row
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.switch import Switch
from app.widgets.theme import SMALL_ICON_SIZE, Theme
from app.widgets.value_slider import ValueSlider
from resources.limits import ENCODERS

TIPS = {
    "clip": "CLIP knows how things look: subjects, styles, moods",
    "t5": "T5 understands sentences: which thing has which property, and where it is",
}
FAINTEST = 0.05
Weights = tuple[tuple[str, float], ...]


class EncodersBox(QWidget):
    """A switch and a slider for each encoder; `changed` tells the weights, None for all that the model has."""

    changed = Signal(object)
    compare_asked = Signal()
    edit_ended = Signal()

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._last = dict.fromkeys(ENCODERS, 1.0)  # what a switch restores
        self.note = named(PlainLabel(wordWrap=True), "muted")
        self.switches = {name: Switch(ENCODER_NAMES[name]) for name in ENCODERS}
        self.sliders = {
            name: ValueSlider(tr("Weight"), low=FAINTEST, high=1.0, default=1.0, step=0.05, decimals=2)
            for name in ENCODERS
        }
        self.compare = named(QPushButton(tr("Compare")), "compareEncoders")
        self.compare.setIconSize(SMALL_ICON_SIZE)
        self.compare.setToolTip(
            tr("Make this picture with CLIP alone, with T5 alone and with both, and see them side by side")
        )
        self.compare.clicked.connect(self.compare_asked)
        self._controls = QWidget()
        inner = QVBoxLayout(self._controls)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(7)
        for name in ENCODERS:
            switch, slider = self.switches[name], self.sliders[name]
            switch.setFixedWidth(72)
            slider.setAccessibleName(tr("Weight of {value}", value=ENCODER_NAMES[name]))
            slider.explain(tr("{value}. Below 1, the other one counts for more.", value=tr(TIPS[name])))
            switch.clicked.connect(self._tell)
            slider.value_changed.connect(self._tell)
            slider.released.connect(self.edit_ended)
            inner.addLayout(row(switch, slider, stretch=(0, 1)))
        inner.addWidget(self.compare)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addWidget(self.note)
        column.addWidget(self._controls)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self.refresh()

    def refresh(self) -> None:
        """Show the weights of the scene, for what its model has: with one encoder alone there is nothing to blend."""
        facts, settings = self._session.facts, self._session.scene.settings
        has = facts.encoders if facts is not None else ENCODERS[:1]
        both = len(has) > 1
        self._controls.setVisible(both)
        self.note.setVisible(not both)
        if not both:
            subject = sentence(called(facts)) if facts is not None else tr("The model")
            blend = tr(" The weights in this scene are kept for a model with both.") if settings.encoders else ""
            self.note.setText(
                tr(
                    "{subject} reads the prompt with {value} alone.{blend}",
                    subject=subject,
                    value=ENCODER_NAMES[has[0]],
                    blend=blend,
                )
            )
        given = settings.encoders
        weights = dict.fromkeys(ENCODERS, 1.0) if given is None else dict.fromkeys(ENCODERS, 0.0) | dict(given)
        on = [name for name in ENCODERS if weights[name] > 0]
        for name in ENCODERS:
            switch, slider = self.switches[name], self.sliders[name]
            if weights[name] > 0:
                self._last[name] = weights[name]
            only = on == [name]
            switch.setChecked(name in on)
            switch.setEnabled(not only)
            switch.setToolTip(
                plain_tip(tr("One encoder must stay on: switch the other one on first") if only else tr(TIPS[name]))
            )
            slider.setEnabled(name in on)
            slider.set_value(self._last[name])

    def _tell(self) -> None:
        weights = tuple(
            (name, float(self.sliders[name].value or FAINTEST) if self.switches[name].isChecked() else 0.0)
            for name in ENCODERS
        )
        self.changed.emit(None if all(weight == 1.0 for _name, weight in weights) else weights)

    def _paint_icons(self) -> None:
        self.compare.setIcon(self._theme.icon("ph.columns"))
