"""What is rarely set of a word: its soft edge, how strictly it is kept to, and what it does to words under it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.helpers import named, row
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.value_slider import ValueSlider
from canvas.model.scene import Word
from resources.limits import OVERLAPS, Feather, bounds

USUAL_FEATHER = 64  # pixels that the slider spans; more can be typed


class WordMore(QWidget):
    """Shown under a word's strength when asked for.

    Signals:
        changed: the name of a field of `Word`, and its new value. released: an edit ended.
    """

    changed = Signal(str, object)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feather = ValueSlider(
            tr("Soft edge"), low=0, high=USUAL_FEATHER, typed_high=bounds(Feather)[1], default=0, step=1, suffix=" px"
        )
        self.feather.explain(
            tr("How soft the edge of this paint is for the model. The paint itself stays as it is; N shows it")
        )
        self.fidelity = ValueSlider(
            tr("Fidelity"), low=0, high=1, default=None, step=0.05, decimals=2, automatic=tr("like all words")
        )
        self.fidelity.explain(
            tr(
                "How closely this word keeps to its paint.\n0: the paint is a hint, and the word may grow beyond it.\n"
                "1: it stays inside, and the model is steered to show it there, which takes longer.\n"
                "Not set: as the settings say for all words."
            )
        )
        for name, slider in (("feather", self.feather), ("fidelity", self.fidelity)):
            slider.value_changed.connect(lambda value, name=name: self.changed.emit(name, value))
            slider.released.connect(self.released)
        self.overlap = named(QComboBox(), "wordOverlap")
        self.overlap.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.overlap.setMinimumContentsLength(6)  # a long rule is cut before it makes the card too wide for its dock
        self.overlap.setAccessibleName(tr("Where this word lies over others"))
        self.overlap.addItem("", None)
        for rule, text in OVERLAPS.items():
            self.overlap.addItem(tr(text), rule)
        self.overlap.activated.connect(lambda _index: self.changed.emit("overlap", self.overlap.currentData()))
        label = named(PlainLabel(tr("Over others")), "muted")
        tip = tr(
            "Where this paint lies over that of words above it in the list.\nAdd: all act in full.\nTop wins: only"
            " this word acts.\nShare: together they act with the strength of one."
        )
        for widget in (label, self.overlap):
            widget.setToolTip(plain_tip(tip))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.feather)
        column.addWidget(self.fidelity)
        column.addLayout(row(label, self.overlap, stretch=(0, 1)))

    def show_word(self, word: Word, rule: str) -> None:
        """Show a word's values; `rule` is the scene's for overlaps. Nothing is announced."""
        self.feather.set_value(word.feather)
        self.fidelity.set_value(word.fidelity)
        self.overlap.setItemText(0, tr("Like all words ({rule})", rule=tr(OVERLAPS[rule])))
        self.overlap.setCurrentIndex(self.overlap.findData(word.overlap))

    @staticmethod
    def used(word: Word) -> bool:
        """Whether a word has any of it."""
        return bool(word.feather) or word.fidelity is not None or word.overlap is not None
