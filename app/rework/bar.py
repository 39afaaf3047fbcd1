"""The bar at the canvas' foot while a part of the picture can be repainted: how much, and the button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.overlay import Overlay
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import Theme
from app.widgets.value_slider import ValueSlider

EDGE = 6
USUAL = 70  # percent
LEAST = 5


class ReworkBar(Overlay):
    """Announces `asked`; `strength` says how much is made anew, 0..1."""

    asked = Signal()

    def __init__(self, theme: Theme, view: QWidget) -> None:
        super().__init__(view, "reworkBar")
        self.text = PlainLabel()
        self.slider = ValueSlider(tr("Anew"), low=LEAST, high=100, default=USUAL, step=1, suffix=" %")
        self.slider.setFixedWidth(150)
        self.slider.explain(tr("How much is made anew: little keeps what is there, 100 % begins from noise"))
        self.button = named(QPushButton(tr("Repaint")), "repaint")
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(lambda _checked=False: self.asked.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(8)
        for widget in (self.text, self.slider, self.button):
            row.addWidget(widget)

    @property
    def strength(self) -> float:
        """How much is made anew, 0..1."""
        return float(self.slider.value or USUAL) / 100

    def offer(self, what: str, button: str, tip: str, *, by_strength: bool) -> None:
        """Say what can be made anew, and show the bar; with the strength where it can be chosen."""
        self.slider.setVisible(by_strength)
        self.text.setText(what)
        self.button.setText(button)
        self.button.setToolTip(plain_tip(tip))
        self.appear()

    def place(self) -> None:
        """Lie in the middle of the view's lower edge, above the bar of results that are looked at."""
        self.layout().activate()  # type: ignore[union-attr]
        self.resize(self.sizeHint())
        view = self.under.geometry()
        self.move(view.left() + (view.width() - self.width()) // 2, view.bottom() - self.height() - EDGE)
