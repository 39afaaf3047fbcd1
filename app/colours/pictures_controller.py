"""The picture layers between their card, the canvas and the document."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.colours.pictures_card import PicturesCard
from app.image_info.displayed_image import DisplayedImage
from app.language import tr
from app.session import Session
from canvas.model import edits, picture_edits
from canvas.model.document import Change
from canvas.model.errors import SceneError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import Size
from canvas.paint.placing import laid_at

NO_PICTURE = "There is no picture yet that could become a layer. Generate one, or open one, first."


class PicturesController(QObject):
    """Every edit goes to the document, each one undo step; the card shows what the document says.

    Signals:
        said: what was done, or why there is nothing to do. failed: an edit that cannot be.
    """

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, actions: Actions, *, card: PicturesCard, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._document, self._card = session, session.document, card
        self._keep = actions["layer.keep"]
        self._keep.triggered.connect(lambda: self.keep(session.displayed, selected=True))
        card.opacity_changed.connect(self._set_opacity)
        card.edit_ended.connect(self._document.end_merge)
        card.visible_changed.connect(self._set_visible)
        card.moved.connect(self._move)
        card.renamed.connect(self._rename)
        card.deleted.connect(self._delete)
        session.picture_changed.connect(lambda image: self._keep.setEnabled(image.rgb is not None))
        self._keep.setEnabled(session.displayed.rgb is not None)
        self._unsubscribe = session.document.subscribe(self._on_change)
        self._show()

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    def keep(self, image: DisplayedImage, *, selected: bool = False) -> None:
        """A picture becomes a layer where it lies on the canvas; with `selected` only what of it is selected."""
        scene = self._session.scene
        if image.rgb is None:
            self.said.emit(tr(NO_PICTURE))
            return
        rgba = np.dstack([image.rgb, np.full(image.rgb.shape[:2], 255, np.uint8)]) if image.rgba is None else image.rgba
        rgba = laid_at(rgba, image.place, scene.size)
        if selected and scene.selection is not None:
            kept = scene.selection.to_array().astype(np.uint16)
            rgba[..., 3] = (rgba[..., 3] * kept + 127) // 255
        self._add(rgba, image.scene.prompt if image.scene is not None and image.scene.prompt.strip() else tr("Picture"))

    def begin_from(
        self, rgba: np.ndarray, name: str, *, size: Size | None = None, instead_of: str | None = None
    ) -> str | None:
        """A picture, uint8 RGB or RGBA `[h, w, c]`, becomes a layer, large enough to cover the canvas; returns its id.

        With a `size` the canvas has that afterwards, and the layer `instead_of` is gone, all in one step.
        """
        scene = self._session.scene if size is None else edits.set_size(self._session.scene, size)
        if instead_of is not None:
            scene = picture_edits.remove(scene, instead_of)
        fitted = ImageOps.fit(Image.fromarray(rgba).convert("RGBA"), scene.size, Image.Resampling.LANCZOS)
        return self._add(np.array(fitted), name, scene)

    def add_cut_out(self, rgba: np.ndarray, phrase: str) -> None:
        """A word that was cut out of the picture on the canvas, RGBA of that picture's size, becomes a layer."""
        self._add(laid_at(rgba, self._session.displayed.place, self._session.scene.size), phrase)

    def add_on_canvas(self, rgba: np.ndarray, name: str) -> None:
        """RGBA of the canvas's size becomes a layer."""
        self._add(rgba, name)

    def _add(self, rgba: np.ndarray, name: str, scene: Scene | None = None) -> str | None:
        """Add a layer to the scene of now, or to another that takes its place; returns its id, None where it cannot."""
        try:
            scene, layer_id = picture_edits.add(scene or self._session.scene, rgba, name)
        except SceneError as error:
            self.failed.emit(error)
            return None
        self._card.choose(layer_id)
        self._apply(scene, f"Add the layer “{scene.picture(layer_id).name}”")
        self.said.emit(tr("A layer under the colours: the next picture starts from it, as strongly as from colours."))
        return layer_id

    def _set_opacity(self, layer_id: str, opacity: float) -> None:
        self._change(layer_id, "Opacity of {}", opacity=min(max(opacity, 0.0), 1.0), merge_key=f"opacity:{layer_id}")

    def _set_visible(self, layer_id: str, visible: bool) -> None:
        self._change(layer_id, "Show {}" if visible else "Hide {}", visible=visible)

    def _rename(self, layer_id: str, name: str) -> None:
        if name.strip() and name.strip() != self._session.scene.picture(layer_id).name:
            self._change(layer_id, "Rename {}", name=picture_edits.free_name(self._session.scene, name))

    def _change(self, layer_id: str, label: str, *, merge_key: str | None = None, **changes: object) -> None:
        name = f"“{self._session.scene.picture(layer_id).name}”"
        scene = picture_edits.change(self._session.scene, layer_id, **changes)
        self._document.apply(scene, label.format(name), merge_key=merge_key)

    def _move(self, layer_id: str, steps: int) -> None:
        name = self._session.scene.picture(layer_id).name
        self._apply(picture_edits.move(self._session.scene, layer_id, steps), f"Move the layer “{name}”")

    def _delete(self, layer_id: str) -> None:
        name = self._session.scene.picture(layer_id).name
        self._apply(picture_edits.remove(self._session.scene, layer_id), f"Delete the layer “{name}”")

    def _apply(self, scene: Scene, label: str) -> None:
        self._document.apply(scene, label)

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "size", "pictures"}:
            self._show()

    def _show(self) -> None:
        self._card.show_layers(self._session.scene.pictures)
