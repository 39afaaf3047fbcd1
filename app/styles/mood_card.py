"""The card of the mood: which one acts, how much, and a button that makes one from the results with a star."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QPushButton, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.bipolar_slider import EndsSlider
from app.widgets.helpers import named, row
from app.widgets.plain_text import PlainLabel, plain_tip
from resources.settings import specs


class MoodCard(QFrame):
    """Shows what it is told; signals say what was asked for."""

    mood_changed = Signal(object)  # its name, or None
    weight_changed = Signal(object)  # a number
    edit_ended = Signal()
    make_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self._making = False
        self.mood = QComboBox()
        self.mood.setAccessibleName(tr("Mood"))
        self.mood.setToolTip(
            plain_tip(tr("What pictures that you like have in common; pictures are made more like them"))
        )
        self.mood.activated.connect(lambda _index: self.mood_changed.emit(self.mood.currentData()))
        self.weight = EndsSlider(tr("Mood strength"), tr("away"), tr("towards"))
        self.weight.explain(tr(specs()["mood_weight"].tip))
        self.weight.value_changed.connect(self.weight_changed)
        self.weight.released.connect(self.edit_ended)
        self.news = named(PlainLabel(wordWrap=True), "muted")
        self.news.hide()
        self.make = named(QPushButton(), "makeMood")
        self.make.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.make.clicked.connect(lambda: (self.cancel_asked if self._making else self.make_asked).emit())
        self.which = QWidget()
        title = named(PlainLabel(tr("Mood")), "muted")
        self.which.setLayout(row(title, self.mood, stretch=(0, 1)))
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 8, 7, 7)
        column.setSpacing(6)
        for widget in (self.which, self.weight, self.news, self.make):
            column.addWidget(widget)
        self.setAccessibleName(tr("Mood"))
        self.show_news(None)
        self.show_mood(None, 1.0, [])

    def show_mood(self, mood: str | None, weight: float, known: Sequence[str]) -> None:
        """Show which mood acts and how much; `known` are those that can be chosen."""
        wanted: list[tuple[str | None, str]] = [(None, tr("none")), *((name, name) for name in known)]
        if mood is not None and mood not in known:
            wanted.append((mood, tr("{name} (missing)", name=mood)))
        shown = [(self.mood.itemData(place), self.mood.itemText(place)) for place in range(self.mood.count())]
        if shown != wanted:
            self.mood.clear()
            for name, title in wanted:
                self.mood.addItem(title, name)
        self.mood.setCurrentIndex([name for name, _title in wanted].index(mood))
        self.which.setVisible(len(wanted) > 1)
        self.weight.setVisible(mood is not None)
        self.weight.set_value(weight)

    def show_news(self, news: str | None) -> None:
        """Show how far the making of a mood is; None where none is made."""
        self._making = news is not None
        self.news.setText(news or "")
        self.news.setVisible(self._making)
        self.make.setText(tr("Cancel") if self._making else tr("Mood from Starred Pictures…"))
        self.make.setToolTip(
            plain_tip(tr("Keeps what your starred results have in common, compared with the others, under a name"))
        )
