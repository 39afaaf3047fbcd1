"""The dock of generation settings: size, steps, weights, seed, sampler, count, model and device."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import Actions
from app.language import number, sentence, tr
from app.session import Session
from app.settings.encoders_box import EncodersBox
from app.settings.fidelity_box import FidelityBox
from app.settings.resize_dialog import ResizeDialog
from app.vocabulary import called
from app.widgets.helpers import Choice, named, row, scrolling, small_button, tool_button
from app.widgets.plain_line import PlainLine
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import SMALL_ICON_SIZE, Theme
from app.widgets.value_slider import ValueSlider
from canvas.model.scene import Scene
from engine.facts import ModelFacts
from resources.limits import MAX_SEED, MAX_SIDE
from resources.setting_spec import SettingSpec
from resources.settings import sections, specs

DEVICE_NAMES = {"auto": "Automatic", "cpu": "Processor (CPU)", "cuda": "Graphics card (CUDA)", "mps": "Apple GPU (MPS)"}
SIZES = ((512, 512), (640, 512), (512, 640), (768, 512), (512, 768), (256, 256), (1024, 1024))
AUTOMATIC = "model's own"
FAR_OVER = 4.0  # times the pixels that a model was trained on, from which pictures fall apart


class SettingsPanel(QWidget):
    """What is set goes out as signals; what is shown comes from the scene by `show_scene`.

    Args:
        below_model: what changes the model, a list of another room.
    """

    setting_changed = Signal(str, object)
    size_changed = Signal(int, int)
    crop_asked = Signal(int, int, object)  # width, height, and the anchor (x, y)
    browse_model = Signal(bool)  # whether a folder is meant, and not a file
    advanced_changed = Signal(bool)  # by hand
    edit_ended = Signal()
    fast_asked = Signal()  # the quick way that the model brings

    def __init__(
        self,
        session: Session,
        actions: Actions,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        below_model: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(240)
        self._session, self._theme = session, theme
        self._size = (0, 0)
        self.width_box = self._side(tr("Width"))
        self.height_box = self._side(tr("Height"))
        self.size_note = named(PlainLabel(wordWrap=True), "sizeNote")
        self.size_note.hide()
        self.sizes = small_button(tr("Common sizes"))
        self.sizes.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.sizes)
        for width, height in SIZES:
            menu.addAction(f"{width} × {height}").triggered.connect(
                lambda _checked=False, w=width, h=height: self.size_changed.emit(w, h)
            )
        menu.addSeparator()
        self.resize_action = menu.addAction(tr("Resize or Crop…"), self._ask_size)
        menu.addAction(actions["rework.extend"])
        swap = menu.addAction(tr("Swap Width and Height"))
        swap.triggered.connect(lambda: self.size_changed.emit(self._size[1], self._size[0]))
        self.sizes.setMenu(menu)

        self.controls = {
            spec.name: self._slider(spec)
            if spec.is_number
            else self._switch(spec)
            if spec.kind is bool
            else self._choices(tr(spec.label), spec.name, spec.choices or {})
            for declared in sections().values()
            for spec in declared
        }

        self.seed = named(PlainLine(), "seed")
        self.seed.setAccessibleName(tr(specs()["seed"].label))
        self.seed.setToolTip(plain_tip(tr(specs()["seed"].tip)))
        self.seed.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,19}"), self.seed))
        self.seed.editingFinished.connect(self._seed_typed)

        self.device = self._choices(tr("Device"), "device", DEVICE_NAMES)
        self.model = self._choices(tr("Model"), "model", {"starter": "Starter"})
        self.browse = self._browse_button()

        self.encoders = EncodersBox(session, theme)
        self.fidelity = FidelityBox(theme)
        self.fidelity.changed.connect(lambda value: self.setting_changed.emit("fidelity", value))
        self.fidelity.edit_ended.connect(self.edit_ended)

        inside = named(QWidget(), "panel")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 2, 12, 12)
        column.setSpacing(7)
        self._section(column, tr("Picture"))
        column.addLayout(
            row(self.width_box, named(PlainLabel("×"), "muted"), self.height_box, self.sizes, stretch=(1, 0, 1, 0))
        )
        column.addWidget(self.size_note)
        self._add_declared(column, "Picture")
        column.addLayout(
            row(_label(tr("Seed")), self.seed, tool_button(actions["generate.dice"]),
                 tool_button(actions["generate.lock"]), stretch=(0, 1, 0, 0))
        )  # fmt: skip
        column.addLayout(row(_label(tr("Model")), self.model, self.browse, stretch=(0, 1, 0)))
        if below_model is not None:
            column.addWidget(below_model)
        self._section(column, tr("Paint fidelity"))
        column.addWidget(self.fidelity)
        self.advanced = named(QToolButton(), "foldAdvanced")
        self.advanced.setText(tr("Advanced"))
        self.advanced.setAccessibleName(tr("Advanced settings"))
        self.advanced.setToolTip(tr("Sampling, paint weight, text encoders, device and memory"))
        self.advanced.setCheckable(True)
        self.advanced.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.advanced.setIconSize(SMALL_ICON_SIZE)
        self.advanced.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.advanced.toggled.connect(self._unfold)
        self.advanced.clicked.connect(self.advanced_changed)
        column.addSpacing(6)
        column.addWidget(self.advanced)
        column.addWidget(self._make_more())
        column.addStretch(1)
        scroll = scrolling(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def _browse_button(self) -> QToolButton:
        button = small_button(tr("Use a model of your own: a .safetensors file or a folder in diffusers’ format"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self.model_file = menu.addAction(tr("Open Model File…"), lambda: self.browse_model.emit(False))
        self.model_folder = menu.addAction(tr("Open Model Folder…"), lambda: self.browse_model.emit(True))
        button.setMenu(menu)
        return button

    def _make_more(self) -> QWidget:
        """What is under the fold."""
        self._more = named(QWidget(), "panel")
        inner = QVBoxLayout(self._more)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(7)
        self.fast = QPushButton()
        self.fast.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fast.clicked.connect(lambda _checked=False: self.fast_asked.emit())
        self.fast.hide()
        for section in sections():
            if section not in ("Picture", "Device"):
                self._section(inner, tr(section))
                if section == "Sampling":
                    inner.addWidget(self.fast)
                self._add_declared(inner, section)
        self._section(inner, tr("Text encoders"))
        inner.addWidget(self.encoders)
        self._section(inner, tr("Device"))
        inner.addWidget(self.device)
        self._add_declared(inner, "Device")
        self._more.hide()
        self.fidelity.show_detail(False)
        return self._more

    def show_advanced(self, on: bool) -> None:
        """Unfold what a newcomer need not see, or fold it away."""
        self.advanced.setChecked(on)

    def _unfold(self, on: bool) -> None:
        self._more.setVisible(on)
        self.fidelity.show_detail(on)
        self._paint_icons()

    # what is shown -----------------------------------------------------------------------------------------------
    def show_scene(self, scene: Scene) -> None:
        """Show size and settings of a scene; nothing is announced."""
        settings = scene.settings
        if scene.size != self._size:
            self._size = scene.size
            self._note_large()
        for box, value in zip((self.width_box, self.height_box), scene.size, strict=True):
            box.setText(str(value))
        choices = {self.device: settings.device, self.model: settings.model}
        for name, control in self.controls.items():
            value = getattr(settings, name)
            if isinstance(control, ValueSlider):
                control.set_value(None if value is None else float(value))
            elif isinstance(control, QCheckBox):
                control.setChecked(value)
            else:
                choices[control] = value
        self.fidelity.show_settings(settings)
        if not self.seed.hasFocus() or not self.seed.isModified():
            self.seed.setText(str(settings.seed))
        for combo, data in choices.items():
            if combo.findData(data) < 0:
                combo.addItem(Path(data).name or data, data)
            combo.setCurrentIndex(combo.findData(data))
            if combo is not self.model:
                combo.setToolTip(plain_tip(combo.accessibleName()))

    def show_models(self, models: Mapping[str, str]) -> None:
        """Fill the list of models, each name or path with its text; the current one stays."""
        current = self.model.currentData()
        self.model.clear()
        for value, text in models.items():
            self.model.addItem(text, value)
        if current and self.model.findData(current) < 0:
            self.model.addItem(Path(current).name or current, current)
        self.model.setCurrentIndex(max(0, self.model.findData(current)))

    def show_model(self, facts: ModelFacts | None) -> None:
        """Show what the files of the scene's model say of its sizes and of what it can paint, None for nothing."""
        model = self._session.scene.settings.model
        self.fidelity.show_model(facts)
        fast = None if facts is None else facts.fast
        self.fast.setVisible(fast is not None)
        if fast is not None:
            self.fast.setText(tr("{steps} steps, fast", steps=fast.few.steps))
            tip = tr("Uses what this model was taught for few steps. Live pictures do so by themselves.")
            self.fast.setToolTip(plain_tip(tip))
        able = facts is None or facts.structured
        self.controls["structured"].setEnabled(able)
        tip = tr(specs()["structured"].tip)
        why = tr("This model’s words and picture read one another: it cannot keep attributes together")
        self.controls["structured"].setToolTip(plain_tip(tip if able else why))
        self.controls["place_words"].setEnabled(facts is None or facts.places)
        self._note_large()
        names = ", ".join(facts.names) if facts is not None else ""
        lines = [line for line in (model, tr("It paints: {names}.", names=names) if names else "") if line]
        self.model.setToolTip(plain_tip("\n".join(lines)))

    def show_defaults(self, *, guidance: float, paint_weight: float) -> None:
        """Say what "the model's own" values turned out to be."""
        for name, value in (("guidance", guidance), ("paint_weight", paint_weight)):
            control = self.controls[name]
            assert isinstance(control, ValueSlider), "a number within bounds"
            control.set_automatic_text(f"auto · {number(value, f'.{control.decimals}f')}")

    # inside ------------------------------------------------------------------------------------------------------
    def _seed_typed(self) -> None:
        self.seed.setModified(False)
        text = self.seed.text()
        if text:
            self.setting_changed.emit("seed", min(int(text), MAX_SEED))

    def _slider(self, spec: SettingSpec) -> ValueSlider:
        slider = ValueSlider(
            tr(spec.label),
            low=spec.low,
            high=spec.high,
            typed_low=spec.bounds[0],
            typed_high=spec.bounds[1],
            default=spec.default,
            step=spec.step,
            decimals=spec.decimals,
            automatic=tr(AUTOMATIC) if spec.is_automatic else None,
        )
        slider.explain(tr(spec.tip))
        slider.released.connect(self.edit_ended)
        slider.value_changed.connect(
            lambda value: self.setting_changed.emit(
                spec.name, int(value) if spec.is_whole and value is not None else value
            )
        )
        return slider

    def _switch(self, spec: SettingSpec) -> QCheckBox:
        box = QCheckBox(tr(spec.label))
        box.setToolTip(plain_tip(tr(spec.tip)))
        box.clicked.connect(lambda on: self.setting_changed.emit(spec.name, on))
        return box

    def _add_declared(self, column: QVBoxLayout, section: str) -> None:
        """Place what `resources.settings` declares for a part of the panel, called as it is there, in English."""
        for spec in sections()[section]:
            control = self.controls[spec.name]
            if isinstance(control, ValueSlider | QCheckBox):
                column.addWidget(control)
            else:
                column.addLayout(row(_label(tr(spec.label)), control, stretch=(0, 1)))

    def _side(self, name: str) -> PlainLine:
        box = named(PlainLine(), name.lower())
        box.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{1,5}"), box))
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.setAccessibleName(name)
        box.setToolTip(plain_tip(tr("{name} of the picture in pixels", name=name)))
        box.editingFinished.connect(self._size_typed)
        return box

    def _size_typed(self) -> None:
        boxes = (self.width_box, self.height_box)
        if not any(box.isModified() for box in boxes):
            return  # somebody only looked in
        # Of the two the one that was not typed in may be empty.
        width, height = (int(box.text() or side) for box, side in zip(boxes, self._size, strict=True))
        near = (self._nearest(width), self._nearest(height))
        self.size_note.hide()
        if near != self._size:
            self.size_changed.emit(*near)
        for box, side in zip(boxes, self._size, strict=True):
            box.setText(str(side))
        if near != (width, height) and near == self._size and self._session.facts is not None:
            self._note_size((width, height), self._session.facts)

    def _nearest(self, side: int) -> int:
        """The side that the model can make; what no canvas can have is left for the scene to refuse."""
        facts = self._session.facts
        return facts.nearest(side) if facts is not None and 1 <= side <= MAX_SIDE else side

    def _note_size(self, typed: tuple[int, int], facts: ModelFacts) -> None:
        changed = [
            tr("{name} {side} became {mine}.", name=name, side=side, mine=mine)
            for name, side, mine in zip((tr("Width"), tr("Height")), typed, self._size, strict=True)
            if side != mine
        ]
        self.size_note.setText(
            tr("{value} Sizes are multiples of {multiple}.", value=" ".join(changed), multiple=facts.multiple)
        )
        self.size_note.show()

    def _note_large(self) -> None:
        """Warn of a size far over what the model was trained for, with the reason; otherwise say nothing."""
        facts = self._session.facts
        times = 0.0
        if facts is not None:
            own = facts.defaults.size
            times = self._size[0] * self._size[1] / (own[0] * own[1])
            self.size_note.setText(
                tr(
                    "{width} × {height} is {times} times the {own_width} × {own_height} pixels that {model} was "
                    "trained on. Things will repeat, and it takes far longer.",
                    width=self._size[0],
                    height=self._size[1],
                    times=f"{times:.0f}",
                    own_width=own[0],
                    own_height=own[1],
                    model=sentence(called(facts, within=True)),
                )
            )
        self.size_note.setVisible(times >= FAR_OVER)

    def _ask_size(self) -> None:
        dialog = ResizeDialog(self._size, self._nearest, self.window())
        dialog.resize_asked.connect(
            lambda width, height, anchor: (
                self.size_changed.emit(width, height) if anchor is None else self.crop_asked.emit(width, height, anchor)
            )
        )
        dialog.open()

    def _choices(self, label: str, name: str, entries: Mapping[str, str]) -> Choice:
        box = Choice()
        box.setAccessibleName(label)
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for value, text in entries.items():
            box.addItem(tr(text), value)
        box.activated.connect(lambda _index: self.setting_changed.emit(name, box.currentData()))
        return box

    def _section(self, column: QVBoxLayout, text: str) -> None:
        if column.count():
            column.addSpacing(8)
        column.addWidget(named(PlainLabel(text), "section"))

    def _paint_icons(self) -> None:
        self.sizes.setIcon(self._theme.icon("ph.frame-corners", role="muted"))
        self.advanced.setIcon(
            self._theme.icon("ph.caret-down" if self.advanced.isChecked() else "ph.caret-right", role="muted")
        )
        self.browse.setIcon(self._theme.icon("ph.folder-open", role="muted"))


def _label(text: str) -> QLabel:
    label = named(PlainLabel(text), "muted")
    label.setFixedWidth(58)
    return label
