"""Styles between their dock, the canvas and the document: what is dropped, changed, painted, shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.generation.request_builder import acting_styles
from app.language import sentence, tr
from app.preferences import Preferences, Purpose
from app.session import Session
from app.styles.image_loader import ImageLoader, Source, StylePicture
from app.styles.panel import StylePanel
from app.vocabulary import called
from canvas.model import edits
from canvas.model.document import Change
from canvas.model.errors import CanvasError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.view.canvas_view import CanvasView

PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)"


@dataclass(frozen=True)
class _ForWord:
    """A picture was asked for to be the style of a word."""

    word: str


class StylesController(QObject):
    """Every edit goes to the document, and the dock shows what the document says."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: Preferences,
        *,
        panel: StylePanel,
        view: CanvasView,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._settings = window, session, settings
        self._document, self._panel, self._view = session.document, panel, view
        self._areas: dict[str, TiledMask] = {}  # the paint of areas that were taken away, should they come back
        self._word: str | None = None  # that the brush painted before it painted a style
        self._reader = ImageLoader(self)
        self._reader.read.connect(self._take)
        self._reader.failed.connect(self.failed)
        self._connect()
        self._unsubscribe = session.document.subscribe(self._on_change)
        session.facts_changed.connect(panel.show_model)
        session.word_changed.connect(lambda _word: self.show_selected())
        panel.show_model(session.facts)
        self._show()

    def close(self, timeout: float | None = None) -> bool:
        """Stop listening and reading; False where that took longer than `timeout` seconds."""
        self._unsubscribe()
        return self._reader.close(timeout)

    def tell_left_out(self) -> None:
        """Say which styles the model cannot take: they are left out of what is made."""
        facts = self._session.facts
        if facts is None or facts.takes_styles:
            return
        names = ", ".join(f"“{style.name}”" for style in acting_styles(self._document.scene))
        if names:
            self.said.emit(
                tr(
                    "{called} cannot use style pictures, so {names} had no effect.",
                    called=sentence(called(facts)),
                    names=names,
                )
            )

    # edits -------------------------------------------------------------------------------------------------------
    def _connect(self) -> None:
        panel, document = self._panel, self._document
        panel.pictures_dropped.connect(self._reader.ask)
        panel.choose_asked.connect(lambda: self._choose(self._reader.ask))
        panel.replace_asked.connect(
            lambda style: self._choose(lambda sources: self._reader.ask(sources[:1], style), several=False)
        )
        panel.failed.connect(self.failed)
        panel.chosen.connect(self._paint_with)
        panel.strength_changed.connect(lambda style, value: self._change(style, "Strength of", strength=value))
        panel.semantic_changed.connect(lambda style, value: self._change(style, "Meaning of", semantic=value))
        panel.visible_changed.connect(self._set_visible)
        panel.area_changed.connect(self._set_area)
        panel.word_changed.connect(lambda style, word: self._edit("Place", style, edits.bind_style, word))
        panel.clear_asked.connect(lambda style: self._edit("Clear", style, edits.clear_word))
        panel.move_asked.connect(self._move)
        panel.remove_asked.connect(lambda style: self._edit("Remove", style, edits.remove_style))
        panel.edit_ended.connect(document.end_merge)

    def choose_for(self, word_id: str) -> None:
        """Ask for a picture whose look is taken in a word's paint alone."""
        self._choose(lambda sources: self._reader.ask(sources[:1], _ForWord(word_id)), several=False)

    def _take(self, picture: StylePicture, replaced: str | _ForWord | None) -> None:
        """A picture was read: it becomes a style, a word's own where it was asked for there, or another's picture."""
        scene = self._document.scene
        try:
            if replaced is None or isinstance(replaced, _ForWord):
                scene, style_id = edits.add_style(scene, picture.name, picture.picture)
                if replaced is not None and scene.has_word(replaced.word):
                    scene = edits.bind_style(scene, style_id, replaced.word)
                self._document.apply(scene, f"Add the style “{picture.name}”")
            elif any(style.id == replaced for style in scene.styles):
                style_id = replaced
                scene = edits.change_style(scene, style_id, name=picture.name, picture=picture.picture)
                self._document.apply(scene, f"Take the look of “{picture.name}”")
            else:
                return  # it was removed while the picture was read
        except CanvasError as error:
            self.failed.emit(error)
            return
        self._panel.reveal(style_id)
        if picture.see_through:
            self.said.emit(tr("The transparent parts of “{name}” were laid on white.", name=picture.name))

    def _edit(self, verb: str, style_id: str, change: Callable[..., Scene], *values: object, key: str = "") -> None:
        """Apply an edit of one style as a step of its own; steps of one `key` in a row become one."""
        scene = self._document.scene
        label = f"{verb} “{scene.style(style_id).name}”"
        merge = f"{key}:{style_id}" if key else None
        try:
            self._document.apply(change(scene, style_id, *values), label, merge_key=merge)
        except CanvasError as error:
            self.failed.emit(error)
            self._show()

    def _change(self, style_id: str, what: str, **values: float) -> None:
        def change(scene: Scene, style: str) -> Scene:
            return edits.change_style(scene, style, **values)

        self._edit(what, style_id, change, key=f"style {what}")

    def _set_visible(self, style_id: str, visible: bool) -> None:
        def change(scene: Scene, style: str) -> Scene:
            return edits.change_style(scene, style, visible=visible)

        self._edit("Show" if visible else "Hide", style_id, change)

    def _move(self, style_id: str, by: int) -> None:
        index = [style.id for style in self._document.scene.styles].index(style_id)
        self._edit("Move", style_id, edits.move_style, index + by)

    def _set_area(self, style_id: str, area: bool) -> None:
        scene = self._document.scene
        if area:
            known = self._areas.get(style_id)
            self._edit("Paint", style_id, edits.set_style_area, True, known if _fits(known, scene.size) else None)
            self._paint_with(style_id)
        else:
            self._areas[style_id] = scene.masks[style_id]
            was_chosen = self._session.word == style_id
            self._edit("No longer paint", style_id, edits.set_style_area, False)
            if was_chosen:
                self._session.choose_word(self._word)

    def _paint_with(self, style_id: str) -> None:
        chosen = self._session.word
        if self._document.scene.has_word(chosen):
            self._word = chosen
        self._session.choose_word(style_id)
        self._view.set_selected_word(style_id)  # chosen again, its paint shows again
        self._view.setFocus()

    # files -------------------------------------------------------------------------------------------------------
    def _choose(self, then: Callable[[list[Source]], None], *, several: bool = True) -> None:
        dialog = QFileDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Choose a Style Picture"))
        dialog.setDirectory(str(self._settings.folder_for(Purpose.STYLE)))
        dialog.setNameFilter(tr(PICTURES))
        modes = QFileDialog.FileMode
        dialog.setFileMode(modes.ExistingFiles if several else modes.ExistingFile)

        def chosen(names: list[str]) -> None:
            self._settings.remember_folder(Purpose.STYLE, Path(names[0]).parent)
            then([Source(Path(name).stem, path=Path(name)) for name in names])

        dialog.filesSelected.connect(chosen)
        dialog.open()

    # what is shown -----------------------------------------------------------------------------------------------
    def _on_change(self, change: Change) -> None:
        if "all" in change.kinds and "size" not in change.kinds:
            self._reader.forget()
            self._areas.clear()
        if change.kinds & {"all", "styles", "masks", "settings", "size", "words", "prompt"}:
            self._show()

    def show_selected(self) -> None:
        """Another word or style is under the brush."""
        self._show()
        self._panel.reveal(self._session.word or "")

    def _show(self) -> None:
        self._panel.show_scene(self._document.scene, self._session.word)


def _fits(mask: TiledMask | None, size: tuple[int, int]) -> bool:
    return mask is not None and mask.size == size
