"""Pictures and words to vectors of a space, by the networks that it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.errors import ModelIncomplete
from engine.models.families.components import TextReader, load_part, load_tokenizer
from engine.models.ip_adapters.reading import prepared, read_encoder
from engine.retrieval.index import unit
from engine.retrieval.spaces import HALVES, OWN, SEEN_NAMES, WEIGHTS, WHOLE, Space
from engine.scoring.recogniser import Recogniser
from engine.scoring.visible_share import names_in, recogniser
from engine.surroundings import secluded
from engine.text.encoders import ImageReader, load_image_reader
from engine.weights import loading
from engine.weights.files import read_json
from engine.weights.precision import computed
from engine.weights.tensors import read_tensors

_SIDE = 512
"""The side in pixels of a picture as the recogniser sees it: that of the compositions that it was taught on."""
_NAMES_SHARE = 0.7
"""Of the likeness of two pictures, what comes of the names seen in them; the rest is of the image encoder's.

Of 240 held-out renders 15 % show a noun of another one; of the ten nearest by the image encoder alone 23 %, with
half of the likeness by names 36 %, with this share 40 %, and by names alone, which know no looks, 45 %.
"""


class ClipReader:
    """CLIP's image encoder and, where the space has it, its text encoder; vectors are the projections of both."""

    def __init__(self, space: Space, device: torch.device) -> None:
        assert space.image is not None, "spaces of CLIP name their image encoder"
        self._space, self._device = space, device
        self._dtype = loading.pick_dtype(device)
        self._network: Any = read_encoder(space.image, dtype=self._dtype).to(device)
        self._text: TextReader | None = None
        self.width = int(space.image.config["projection_dim"])

    def pictures(self, rgbs: Sequence[np.ndarray]) -> np.ndarray:
        """Return the projections `[n, width]`, float32, of pictures uint8 `[h, w, 3]`: of the middle square of each.

        Raises:
            NotFinite: the encoder fails.
        """
        side = int(self._network.config.image_size)
        pixels = torch.from_numpy(np.stack([prepared(rgb, side) for rgb in rgbs])).to(self._device)
        return _floats(
            computed(
                "image encoder",
                self._network,
                lambda: self._network(pixel_values=pixels.to(self._network.dtype)).image_embeds,
                tensors=lambda found: [found],
            )
        )

    def text(self, text: str) -> np.ndarray | None:
        """Return the projection `[width]`, float32, of a text's first 75 tokens; None in a space without words."""
        if self._space.kind not in (WHOLE, HALVES):
            return None
        if self._text is None:
            network, tokenizer = _whole_text(self._space) if self._space.kind == WHOLE else _half_text(self._space)
            self._text = TextReader(tokenizer, network.to(self._device, self._dtype))
        sentence = self._text.read(self._text.tokenize(text))[1]
        assert sentence is not None, "the encoder projects"
        return _floats(sentence)[0]


class OwnReader:
    """A model's own image encoder, which was taught with its denoiser and with no text.

    A picture's vector is made of its class token and the mean of its patches and, for the starter, of the names that
    the recogniser sees in it: the square roots of their shares, whose product is the Bhattacharyya coefficient of what
    two pictures show. In that part a text can be compared too: by the names that stand in it.
    """

    def __init__(self, space: Space, device: torch.device, judge: Recogniser | None) -> None:
        assert space.model is not None, "an own encoder has its model"
        self._judge = judge
        self._reader: ImageReader = load_image_reader(space.model, device=device, dtype=loading.pick_dtype(device))
        self._looks = 2 * int(self._reader.encoder.config.hidden_size)
        self.width = self._looks + (len(judge.names) if judge is not None else 0)

    def pictures(self, rgbs: Sequence[np.ndarray]) -> np.ndarray:
        """Return vectors `[n, width]`, float32, of pictures uint8 `[h, w, 3]`, each squeezed into a square."""
        rows = [self._look(rgb) for rgb in rgbs]
        if self._judge is None:
            return np.stack(rows)
        seen = np.sqrt(self._shares(rgbs))
        looks = np.sqrt(1 - _NAMES_SHARE) * np.stack(rows)
        return np.concatenate([looks, np.sqrt(_NAMES_SHARE) * seen], axis=1).astype(np.float32)

    def text(self, text: str) -> np.ndarray | None:
        """Return a vector `[width]`, float32, of the recogniser's names in a text; None where there are none."""
        if self._judge is None:
            return None
        named = names_in(text, self._judge.names, self._judge.other_words)
        if not named:
            return None
        vector = np.zeros(self.width, np.float32)
        vector[[self._looks + self._judge.names.index(name) for name in named]] = 1
        return vector

    def _look(self, rgb: np.ndarray) -> np.ndarray:
        tokens = self._reader.read(rgb)[0].float().cpu().numpy()
        return np.concatenate([unit(tokens[0]), unit(tokens[1:].mean(0))]) / np.sqrt(2)

    def _shares(self, rgbs: Sequence[np.ndarray]) -> np.ndarray:
        assert self._judge is not None
        from PIL import Image

        squares = [np.asarray(Image.fromarray(rgb).resize((_SIDE, _SIDE), Image.Resampling.BOX)) for rgb in rgbs]
        labels = self._judge.predict(np.stack(squares)).reshape(len(rgbs), -1)
        return np.stack([np.bincount(row, minlength=len(self._judge.names)) / row.size for row in labels])


def open_reader(space: Space, device: torch.device) -> ClipReader | OwnReader:
    """Load the networks of a space. Raises what loading a model's part does, see `engine.weights.loading`."""
    if space.kind != OWN:
        return ClipReader(space, device)
    return OwnReader(space, device, recogniser() if space.words == SEEN_NAMES else None)


def _floats(found: Tensor) -> np.ndarray:
    return found.detach().float().cpu().numpy()


def _half_text(space: Space) -> tuple[Any, Any]:
    """A model's text encoder that belongs to the image encoder, and its tokenizer."""
    from transformers.models.clip.modeling_clip import CLIPTextModelWithProjection

    assert space.model is not None, "halves have the model whose text encoder they name"
    part = f"text_encoder{space.suffix}"
    network = load_part(space.model, CLIPTextModelWithProjection, part, dtype=torch.float32)
    return network, load_tokenizer(space.model.config / f"tokenizer{space.suffix}")


def _whole_text(space: Space) -> tuple[Any, Any]:
    """The text encoder of a whole CLIP, and its tokenizer.

    Raises:
        ModelIncomplete: it is damaged.
    """
    from transformers.models.clip.modeling_clip import CLIPTextConfig, CLIPTextModelWithProjection

    config = read_json(space.encoder / "config.json", part="CLIP")
    sizes = {**config.get("text_config", {}), "projection_dim": config.get("projection_dim", 512)}
    tensors = read_tensors([space.encoder / WEIGHTS], part="CLIP", dtype=torch.float32)
    ours = {name: value for name, value in tensors.items() if name.startswith(("text_model.", "text_projection."))}
    try:
        with secluded():
            network, report = CLIPTextModelWithProjection.from_pretrained(
                None, config=CLIPTextConfig(**sizes), state_dict=ours, output_loading_info=True
            )
    except Exception as error:
        if loading.is_out_of_memory(error):
            raise
        raise _damaged(space, f"{type(error).__name__}: {error}") from error
    lacks = [*report.get("missing_keys", ()), *report.get("mismatched_keys", ())]
    if lacks:
        raise _damaged(space, str(lacks[:8]))
    return network.eval().requires_grad_(False), load_tokenizer(space.encoder)


def _damaged(space: Space, details: str) -> ModelIncomplete:
    return ModelIncomplete(
        f'The CLIP "{space.name}" is damaged: tensors of its text encoder are missing or misshapen.',
        hint="Get its files again.",
        details=details,
    )
