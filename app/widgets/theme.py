"""The look: three palettes, one small style sheet over Fusion, and icons in the palette's colours."""

from __future__ import annotations

from dataclasses import dataclass

import qtawesome
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

import resources

ICON_SIZE = QSize(18, 18)
SMALL_ICON_SIZE = QSize(16, 16)
RADIUS = 6


@dataclass(frozen=True)
class Colours:
    """The colours of one theme; neutral greys, so that they do not tint how a picture is seen."""

    name: str
    window: str
    panel: str
    field: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_text: str
    canvas: str
    error: str
    error_panel: str
    warning: str
    good: str
    info_panel: str
    star: str


DARK = Colours(
    name="dark", window="#1b1b1e", panel="#232327", field="#18181a", raised="#303036", line="#38383f", text="#ececf0",
    muted="#9c9ca8", accent="#7567f0", accent_hover="#8a7df7", accent_text="#ffffff", canvas="#131315",
    error="#ff7a70", error_panel="#3a2224", warning="#f0b754", good="#57c77e", info_panel="#26263a", star="#f2c14e",
)  # fmt: skip
LIGHT = Colours(
    name="light", window="#ececef", panel="#f8f8fa", field="#ffffff", raised="#ffffff", line="#d3d3da", text="#1d1d22",
    muted="#666673", accent="#5b4bdb", accent_hover="#6d5eea", accent_text="#ffffff", canvas="#d9d9de",
    error="#b3261e", error_panel="#fbe6e4", warning="#9a6200", good="#1e8a45", info_panel="#e8e6fb", star="#c98a00",
)  # fmt: skip

# Black and white, with yellow for what is chosen or has the keys: texts keep a contrast of 7 everywhere (WCAG 2 AAA).
CONTRAST = Colours(
    name="contrast", window="#000000", panel="#000000", field="#000000", raised="#141414", line="#9a9a9a",
    text="#ffffff", muted="#d6d6d6", accent="#ffd60a", accent_hover="#ffe566", accent_text="#000000", canvas="#000000",
    error="#ff9d94", error_panel="#380400", warning="#ffc266", good="#7dffa8", info_panel="#00173a", star="#ffd60a",
)  # fmt: skip
THEMES = {colours.name: colours for colours in (DARK, LIGHT, CONTRAST)}


def palette_of(c: Colours) -> QPalette:
    """A full QPalette made of the theme's colours."""
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, c.panel), (role.WindowText, c.text), (role.Base, c.field), (role.AlternateBase, c.panel),
        (role.Text, c.text), (role.Button, c.raised), (role.ButtonText, c.text), (role.BrightText, c.error),
        (role.ToolTipBase, c.raised), (role.ToolTipText, c.text), (role.PlaceholderText, c.muted),
        (role.Highlight, c.accent), (role.HighlightedText, c.accent_text), (role.Link, c.accent_hover),
        (role.Mid, c.line), (role.Midlight, c.line), (role.Dark, c.field), (role.Shadow, "#000000"),
        (role.Light, c.raised), (role.Accent, c.accent),
    ):  # fmt: skip
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        faded = QColor(c.muted)
        faded.setAlpha(150)
        palette.setColor(QPalette.ColorGroup.Disabled, which, faded)
    return palette


def style_sheet(c: Colours) -> str:
    """The rules that Fusion and the palette cannot say."""
    end = "left" if QGuiApplication.isRightToLeft() else "right"  # style sheets know no direction
    caret, caret_up = (resources.path("icons", f"{name}-{c.name}.png").as_posix() for name in ("caret", "caret-up"))
    return f"""
    QMainWindow, QMainWindow::separator {{ background: {c.window}; }}
    QMainWindow::separator {{ width: 5px; height: 5px; }}
    QMainWindow::separator:hover {{ background: {c.accent}; }}
    QMenuBar {{ background: {c.window}; padding: 2px 6px; }}
    QMenuBar::item {{ padding: 5px 10px; border-radius: {RADIUS}px; background: transparent; }}
    QMenuBar::item:selected {{ background: {c.raised}; }}
    QMenu {{ background: {c.panel}; border: 1px solid {c.line}; padding: 5px; }}
    QMenu::item {{ padding: 6px 28px 6px 12px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {c.accent}; color: {c.accent_text}; }}
    QMenu::item:disabled {{ color: {c.muted}; }}
    QMenu::icon {{ padding-left: 8px; }}
    QMenu::separator {{ height: 1px; background: {c.line}; margin: 5px 8px; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line}; padding: 4px 6px; }}
    QStatusBar {{ background: {c.window}; color: {c.muted}; }}
    QStatusBar::item {{ border: none; }}
    QStatusBar QLabel {{ color: {c.muted}; padding: 0 6px; }}
    QDockWidget {{ color: {c.muted}; font-weight: 600; }}
    QDockWidget::title {{ background: {c.panel}; padding: 9px 12px 5px 12px; text-align: left; }}
    QDockWidget > QWidget {{ background: {c.panel}; }}
    #panel, #promptBar, #brushBar, #toolColumn {{ background: {c.panel}; }}
    #toolColumn {{ border-right: 1px solid {c.line}; }}
    #promptBar {{ border-bottom: 1px solid {c.line}; }}
    #brushBar {{ border-bottom: 1px solid {c.line}; }}
    QScrollArea {{ border: none; background: {c.panel}; }}
    QScrollBar:vertical {{ width: 10px; background: transparent; margin: 0; }}
    QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 0; }}
    QScrollBar::handle {{ background: {c.line}; border-radius: 3px; margin: 2px; min-width: 28px; min-height: 28px; }}
    QScrollBar::handle:hover {{ background: {c.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QPlainTextEdit, QLineEdit, QComboBox, QAbstractSpinBox {{
        background: {c.field}; border: 1px solid {c.line}; border-radius: {RADIUS}px; padding: 4px 8px;
        selection-background-color: {c.accent}; selection-color: {c.accent_text}; }}
    ValueSlider QLineEdit {{ background: {c.field}; border: 1px solid {c.accent}; padding: 0 9px; }}
    #divider {{ background: {c.line}; }}
    QPlainTextEdit:focus, QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border: 1px solid {c.accent}; }}
    QAbstractSpinBox {{ padding-{end}: 20px; }}
    QAbstractSpinBox QLineEdit {{ border: none; background: transparent; padding: 0 6px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; border: none; width: 20px;
        background: transparent; }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top {end}; padding-top: 2px; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom {end}; padding-bottom: 2px; }}
    QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {c.raised}; }}
    QAbstractSpinBox::up-arrow {{ image: url({caret_up}); width: 9px; height: 9px; }}
    QAbstractSpinBox::down-arrow {{ image: url({caret}); width: 9px; height: 9px; }}
    QComboBox::drop-down {{ border: none; width: 22px; }}
    QComboBox::down-arrow {{ image: url({caret}); width: 12px; height: 12px; }}
    QComboBox QAbstractItemView {{ background: {c.panel}; border: 1px solid {c.line}; padding: 4px; outline: 0; }}
    QPushButton {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: {RADIUS}px; padding: 6px 14px; }}
    QPushButton:hover {{ border-color: {c.muted}; }}
    QPushButton:focus {{ border-color: {c.accent}; }}
    QPushButton:pressed {{ background: {c.line}; }}
    QPushButton#primary {{ background: {c.accent}; color: {c.accent_text}; border: 1px solid {c.accent};
        font-weight: 600; padding: 8px 18px; }}
    QPushButton#primary:hover, QPushButton#primary:focus {{ background: {c.accent_hover}; }}
    QPushButton#useFor {{ border-color: {c.accent}; padding: 5px 8px; }}
    QPushButton#useFor:hover, QPushButton#useFor:focus {{ background: {c.accent}; color: {c.accent_text}; }}
    QPushButton#paintThis {{ background: {c.accent}; color: {c.accent_text}; border: none; padding: 4px 10px; }}
    QPushButton#paintThis:hover {{ background: {c.accent_hover}; }}
    QPushButton#primary:disabled {{ background: {c.raised}; color: {c.muted}; border-color: {c.line}; }}
    QToolButton {{ border: 1px solid transparent; border-radius: {RADIUS}px; padding: 5px; background: transparent; }}
    QToolButton:hover {{ background: {c.raised}; border-color: {c.line}; }}
    QToolButton:focus {{ border-color: {c.accent}; }}
    QToolButton:checked {{ background: {c.accent}; color: {c.accent_text}; border-color: {c.accent}; }}
    QToolButton:disabled {{ color: {c.muted}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QToolButton[popupMode="1"] {{ padding-{end}: 21px; }}
    QToolButton::menu-button {{ background: {c.raised}; border: 1px solid {c.line}; width: 16px;
        border-top-{end}-radius: {RADIUS}px; border-bottom-{end}-radius: {RADIUS}px; }}
    QToolButton::menu-button:hover {{ border-color: {c.muted}; }}
    QToolButton::menu-arrow {{ image: url({caret}); width: 10px; height: 10px; }}
    QProgressBar {{ border: none; background: {c.line}; border-radius: 2px; max-height: 4px; min-height: 4px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}
    QLabel#sizeNote {{ color: {c.warning}; }}
    QLabel#cannotNote {{ color: {c.warning}; }}
    #namesCard {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 8px; }}
    #heatBar {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 8px; }}
    QPushButton#keepHere {{ background: {c.accent}; color: {c.accent_text}; border: 1px solid {c.accent};
        padding: 3px 10px; }}
    QPushButton#keepHere:hover, QPushButton#keepHere:focus {{ background: {c.accent_hover}; }}
    QToolButton#fidelityFold, QToolButton#fidelityFold:checked, QToolButton#foldAdvanced,
        QToolButton#foldAdvanced:checked {{ color: {c.muted}; padding: 2px;
        background: transparent; border: 1px solid transparent; }}
    QToolButton#foldAdvanced, QToolButton#foldAdvanced:checked {{ font-weight: 600; }}
    QToolButton#fidelityFold:hover, QToolButton#foldAdvanced:hover {{ color: {c.text}; }}
    QToolButton#fidelityFold:focus, QToolButton#foldAdvanced:focus {{ border-color: {c.accent}; }}
    #dockTitle {{ background: {c.panel}; }}
    #dockTitle QToolButton {{ padding: 2px; }}
    QPushButton#strengthen {{ padding: 5px 8px; }}
    #lookBar, #liveBar, #queuePopup, #palettePopup, #reworkBar, #completion {{
        background: {c.raised}; border: 1px solid {c.line}; border-radius: 8px;
    }}
    #lookBar QPushButton, #liveBar QPushButton {{ padding: 3px 10px; }}
    #reworkBar QPushButton, #reworkBar QToolButton {{ padding: 3px 10px; }}
    QPushButton#takeScene, QPushButton#reworkGo {{ background: {c.accent}; color: {c.accent_text};
        border: 1px solid {c.accent}; }}
    QPushButton#takeScene:hover, QPushButton#takeScene:focus, QPushButton#reworkGo:hover,
        QPushButton#reworkGo:focus {{ background: {c.accent_hover}; }}
    #comparison {{ background: {c.canvas}; }}
    #dropTarget {{ border: 2px dashed {c.accent}; border-radius: 10px; background: {c.info_panel}; }}
    QLabel#dropTargetText {{ color: {c.text}; font-weight: 600; }}
    QLabel#muted {{ color: {c.muted}; }}
    QLabel#section {{ color: {c.muted}; font-weight: 600; }}
    QLabel#bannerTitle {{ font-weight: 600; }}
    #banner {{ border: 1px solid {c.line}; border-radius: 8px; background: {c.info_panel}; }}
    #banner[kind="error"] {{ background: {c.error_panel}; }}
    #chip {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 8px; }}
    #chip:hover {{ border-color: {c.muted}; }}
    #chip[selected="true"] {{ border: 1px solid {c.accent}; }}
    #chip QToolButton, #unknownHint QToolButton {{ padding: 2px; }}
    QListView#results {{ background: transparent; border: none; outline: 0; }}
    """


class Theme(QObject):
    """The theme in force: follows the system unless told otherwise; `changed` when colours changed."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self.colours = DARK
        if not app.styleSheet():  # an earlier theme of the same program has set both
            app.setStyle("Fusion")
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        if hasattr(hints, "accessibility"):  # from Qt 6.10 on
            hints.accessibility().contrastPreferenceChanged.connect(self._system_changed)
        self._apply()

    @property
    def dark(self) -> bool:
        """Whether the grounds are dark."""
        return self.colours is not LIGHT

    def choose(self, choice: str) -> None:
        """`system`, `dark`, `light` or `contrast`."""
        self._choice = choice
        self._apply()

    def icon(self, name: str, *, role: str = "text", on: str | None = None) -> QIcon:
        """A Phosphor icon (`ph.paint-brush`) in the colour of a role; `on` is the role when checked."""
        colours = self.colours
        options: dict[str, str] = {"color": getattr(colours, role), "color_disabled": colours.line}
        if on:
            options["color_on"] = getattr(colours, on)
        return qtawesome.icon(name, **options)

    def _system_changed(self, *_: object) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        self.colours = THEMES.get(self._choice) or _of_system()
        qtawesome.reset_cache()
        self._app.setPalette(palette_of(self.colours))
        # Every widget is polished anew even where nothing changes.
        if (sheet := style_sheet(self.colours)) != self._app.styleSheet():
            self._app.setStyleSheet(sheet)
        self.changed.emit()


def _of_system() -> Colours:
    """The colours that the system asks for."""
    hints = QGuiApplication.styleHints()
    if hasattr(hints, "accessibility"):
        wish = hints.accessibility().contrastPreference()
        if wish == Qt.ContrastPreference.HighContrast:
            return CONTRAST
    return LIGHT if hints.colorScheme() == Qt.ColorScheme.Light else DARK
