"""The dialog in which a word is taught: what it is called, from which pictures, how; then how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.language import tr
from app.teaching.picture_list import PictureList
from app.teaching.text import explained, steps_for, title
from app.widgets.helpers import Choice, named
from app.widgets.plain_line import PlainLine
from app.widgets.plain_text import PlainLabel
from engine.teaching.lesson import CUSTOM, LEAST, LORA, METHODS, MOST
from resources import pictures

SAMPLE = 200


class TeachDialog(QDialog):
    """Shows what it is told. `start_asked` brings what was filled in; the others what to do with a lesson."""

    start_asked = Signal(dict)  # word, class_word, method, steps, pictures
    continue_asked = Signal(str)
    remove_asked = Signal(str)
    pause_asked = Signal()
    give_up_asked = Signal()
    pictures_asked = Signal(list)  # files and folders to be read
    wait_changed = Signal(bool)

    def __init__(self, *, model: str, small: bool, time: Callable[[str, int, bool], str], parent: QWidget) -> None:
        """`model` is what it is called; `small` whether it takes few steps; `time` says how long a method, a number of
        steps, and whether its kind is known, take."""
        super().__init__(parent)
        self.setWindowTitle(tr("Teach a Word"))
        self.setMinimumWidth(520)
        self._small, self._time = small, time
        self.form, self.running = self._form(model), self._progress()
        self.running.hide()
        column = QVBoxLayout(self)
        column.addWidget(self.form)
        column.addWidget(self.running)
        self._show_method()
        self._check()

    # the form ------------------------------------------------------------------------------------------------------
    def _form(self, model: str) -> QWidget:
        page = QWidget()
        self.begun = QVBoxLayout()
        self.begun.setSpacing(4)
        self.word = named(PlainLine(), "lessonWord")
        self.word.setPlaceholderText(tr("A name that you make up, such as rufus"))
        self.kind = named(PlainLine(), "lessonKind")
        self.kind.setPlaceholderText(tr("What kind of thing it is, such as dog"))
        self.method = named(Choice(), "lessonMethod")
        for each in METHODS:
            self.method.addItem(title(each), each)
        self.method.setCurrentIndex(self.method.findData(CUSTOM))
        self.steps = named(QSpinBox(), "lessonSteps")
        self.steps.setRange(10, 20_000)
        self.steps.setSingleStep(50)
        self.about = named(PlainLabel(wordWrap=True), "muted")
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.about.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self.pictures = PictureList()
        self.pictures.dropped.connect(self.pictures_asked)
        self.pictures.changed.connect(self._check)
        self.count = named(PlainLabel(wordWrap=True), "muted")
        self.add = QPushButton(tr("Add Pictures…"))
        self.add.clicked.connect(self._browse)
        self.remove = QPushButton(tr("Remove"))
        self.remove.clicked.connect(self.pictures.remove_chosen)
        self.pictures.itemSelectionChanged.connect(self._check)
        self.fault = named(PlainLabel(wordWrap=True), "lessonFault")
        self.fault.hide()
        self.start = QPushButton(tr("Start"))
        self.start.setDefault(True)
        self.start.clicked.connect(self._start)
        close = QPushButton(tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        for button in (self.add, self.remove):
            button.setAutoDefault(False)
        form = QFormLayout()
        form.addRow(tr("Model"), PlainLabel(model))
        form.addRow(tr("Word"), self.word)
        form.addRow(tr("Kind"), self.kind)
        form.addRow(tr("What is learnt"), self.method)
        form.addRow("", self.about)
        form.addRow(tr("Steps"), self.steps)
        beside = QHBoxLayout()
        beside.addWidget(self.count, 1)
        beside.addWidget(self.add)
        beside.addWidget(self.remove)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(close)
        below.addWidget(self.start)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.begun)
        column.addLayout(form)
        column.addWidget(self.pictures, 1)
        column.addLayout(beside)
        column.addWidget(self.fault)
        column.addLayout(below)
        self.method.currentIndexChanged.connect(lambda _index: self._show_method())
        self.steps.valueChanged.connect(lambda _steps: self._explain())
        for line in (self.word, self.kind):
            line.textChanged.connect(lambda _text: self._check())
        return page

    def show_begun(self, lessons: Sequence[tuple[str, int, int]]) -> None:
        """Offer lessons that were stopped: word, steps done and steps in all."""
        while (row := self.begun.takeAt(0)) is not None:
            if (widget := row.widget()) is not None:
                widget.deleteLater()
        for word, step, steps in lessons:
            line = QWidget()
            inside = QHBoxLayout(line)
            inside.setContentsMargins(0, 0, 0, 4)
            told = tr("“{word}” was stopped after {step} of {steps} steps", word=word, step=step, steps=steps)
            inside.addWidget(PlainLabel(told, wordWrap=True), 1)
            for text, signal in ((tr("Continue"), self.continue_asked), (tr("Remove"), self.remove_asked)):
                button = QPushButton(text)
                button.setAutoDefault(False)
                button.setAccessibleName(f"{text}: {word}")
                button.clicked.connect(lambda _on=False, signal=signal, word=word: signal.emit(word))
                inside.addWidget(button)
            self.begun.addWidget(line)

    def take_pictures(self, found: Sequence[Any], faults: Sequence[tuple[str, str]]) -> None:
        """Show pictures that were read, and say which could not be."""
        self.pictures.add(found)
        self._check()
        if faults:
            message, hint = faults[0]
            more = tr(" {count} others too.", count=len(faults) - 1) if len(faults) > 1 else ""
            self.show_fault(f"{message} {hint}{more}")

    def show_fault(self, text: str) -> None:
        """Say what is wrong with what was filled in; "" takes it away."""
        self.fault.setText(text)
        self.fault.setVisible(bool(text))

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Pictures of the word"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(tr("Pictures ({endings})", endings=" ".join(f"*{each}" for each in pictures.SUFFIXES)))
        dialog.filesSelected.connect(lambda files: self.pictures_asked.emit([Path(file) for file in files]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_method(self) -> None:
        self.steps.setValue(steps_for(self.method.currentData(), small=self._small))
        self._explain()

    def _explain(self) -> None:
        method = self.method.currentData()
        known = bool(self.kind.text().strip())
        told = [explained(method), self._time(method, self.steps.value(), known)]
        if method == LORA and not known:
            told.insert(1, tr("Name its kind, so that other things of this kind stay as they are."))
        self.about.setText(" ".join(part for part in told if part))

    def _check(self) -> None:
        count = len(self.pictures.files)
        self.count.setText(
            tr("Drop {least} to {most} pictures of the same thing here", least=LEAST, most=MOST)
            if not count
            else tr("Pictures: {count} (from {least} to {most})", count=count, least=LEAST, most=MOST)
        )
        self.remove.setEnabled(bool(self.pictures.selectedItems()))
        self.start.setEnabled(LEAST <= count <= MOST and bool(self.word.text().strip()))
        self.show_fault("")
        self._explain()

    def _start(self) -> None:
        self.start_asked.emit(
            {
                "word": self.word.text().strip(),
                "class_word": self.kind.text().strip(),
                "method": self.method.currentData(),
                "steps": self.steps.value(),
                "pictures": self.pictures.files,
            }
        )

    # how far it is ------------------------------------------------------------------------------------------------
    def _progress(self) -> QWidget:
        page = QWidget()
        self.heading = PlainLabel(wordWrap=True)
        self.sample = PlainLabel()
        self.sample.setFixedSize(SAMPLE, SAMPLE)
        self.sample.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sample.setAccessibleName(tr("The word so far"))
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far the word is"))
        self.state = named(PlainLabel(wordWrap=True), "muted")
        self.competing = named(PlainLabel(wordWrap=True), "muted")
        self.competing.setText(
            tr("You can close this dialog and paint on. Pictures and teaching share the same processor or card.")
        )
        self.waits = QCheckBox(tr("Wait while pictures are made"))
        self.waits.setChecked(True)
        self.waits.toggled.connect(self.wait_changed)
        self.pause = QPushButton(tr("Pause"))
        self.give_up = QPushButton(tr("Give Up"))
        self.hide_it = QPushButton(tr("Close"))
        for button, act in (
            (self.pause, self.pause_asked.emit), (self.give_up, self.give_up_asked.emit), (self.hide_it, self.reject)
        ):  # fmt: skip
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, act=act: act())
        beside = QVBoxLayout()
        for widget in (self.heading, self.bar, self.state, self.waits, self.competing):
            beside.addWidget(widget)
        beside.addStretch(1)
        across = QHBoxLayout()
        across.addWidget(self.sample)
        across.addSpacing(12)
        across.addLayout(beside, 1)
        below = QHBoxLayout()
        below.addWidget(self.give_up)
        below.addStretch(1)
        below.addWidget(self.pause)
        below.addWidget(self.hide_it)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(across)
        column.addStretch(1)
        column.addLayout(below)
        return page

    def show_running(self, word: str, sample: Path | None) -> None:
        """Turn to the page that says how far a word is."""
        self.heading.setText(tr("“{word}” is being taught", word=word))
        self.bar.setValue(0)
        self.show_state(tr("Starting…"))
        self.pause.setEnabled(True)
        self.show_sample(sample)
        self._turn(running=True)

    def show_form(self) -> None:
        """Turn to the page on which a lesson is filled in."""
        self._turn(running=False)

    def _turn(self, *, running: bool) -> None:
        self.form.setVisible(not running)
        self.running.setVisible(running)
        self.adjustSize()

    def show_state(self, text: str, fraction: float | None = None) -> None:
        """Say what happens; `fraction` 0..1 of the whole where it is known."""
        self.state.setText(text)
        if fraction is not None:
            self.bar.setValue(round(1000 * fraction))

    def show_sample(self, file: Path | None) -> None:
        """Show a picture of the word so far."""
        pixels = None if file is None else _pixels(file)
        if pixels is None:
            self.sample.setPixmap(QPixmap())
            self.sample.setText(tr("The first picture of it comes soon"))
            self.sample.setWordWrap(True)
            return
        ratio = self.devicePixelRatioF()
        side = round(SAMPLE * ratio)
        scaled = pixels.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        scaled.setDevicePixelRatio(ratio)
        self.sample.setPixmap(scaled)


def _pixels(file: Path) -> QPixmap | None:
    """A picture that the lesson wrote; None where it is gone or was not written whole."""
    try:
        rgba = pictures.decode(pictures.open_picture(file)).convert("RGBA")
    except pictures.PictureError:
        return None
    size = rgba.width, rgba.height
    return QPixmap.fromImage(QImage(rgba.tobytes(), *size, 4 * size[0], QImage.Format.Format_RGBA8888))
