"""The encoders other than CLIP text: T5, and the image encoder that turns a style picture into tokens."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.facts import InstalledModel
from engine.protocol import StyleReference
from engine.surroundings import secluded
from engine.text.sentencepiece_file import read_vocabulary
from engine.text.spans import TokenizedPrompt, tokenize_whole
from engine.weights import loading
from engine.weights.files import incomplete, read_json
from engine.weights.headers import open_regular
from engine.weights.placing import place_encoder
from engine.weights.precision import computed

_KEPT_PROMPTS = 64
_MOST_BYTES = 64 << 20
_CLIP_MEAN, _CLIP_SPREAD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)

_GENERAL = {"PreTrainedTokenizerFast", "TokenizersBackend"}
"""The names, old and new, of transformers' class for any tokenizer.json."""

_LEADING = 5
"""Principal components of a style picture's tokens that remain at the semantic end, as in Versatile Diffusion."""


class T5Reader:
    """A T5 tokenizer and encoder: prompts of any length to `[1, tokens, C]`; the latest results are cached."""

    def __init__(self, tokenizer: Any, encoder: Any) -> None:
        self.tokenizer, self.encoder = tokenizer, encoder
        self._kept: OrderedDict[str, tuple[TokenizedPrompt, Tensor]] = OrderedDict()

    def read(self, prompt: str) -> tuple[TokenizedPrompt, Tensor]:
        """Return the prompt's tokens and their hidden states, without padding, since T5's positions are relative."""
        if prompt not in self._kept:
            tokenized = tokenize_whole(self.tokenizer, prompt)
            ids = torch.from_numpy(tokenized.input_ids).to(self.encoder.device)
            states = computed(
                "T5 text encoder",
                self.encoder,
                lambda: self.encoder(input_ids=ids).last_hidden_state,
                tensors=lambda found: [found],
            )
            self._kept[prompt] = (tokenized, states)
            if len(self._kept) > _KEPT_PROMPTS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(prompt)
        return self._kept[prompt]


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadStyle(StyleReference):
    """A style without a picture: what an image encoder would give, `states`, is there already, `[1, n, C]`.

    With `opposite` the negative prompt has it, so that guidance leads away from it.
    """

    states: Tensor
    opposite: bool = False

    @classmethod
    def of(cls, states: Tensor, *, strength: float, opposite: bool = False) -> ReadStyle:
        """Return one for the whole picture."""
        return cls(rgb=np.zeros((1, 1, 3), np.uint8), strength=strength, states=states, opposite=opposite)


class ImageReader:
    """A CLIP image encoder: a style picture to `[1, patches + 1, C]`.

    Args:
        mean, spread: mean and standard deviation by which the encoder's input (channels 0..1) is normalised.
    """

    def __init__(
        self,
        encoder: Any,
        *,
        mean: tuple[float, ...] = _CLIP_MEAN,
        spread: tuple[float, ...] = _CLIP_SPREAD,
    ) -> None:
        self.encoder = encoder
        self.side = int(encoder.config.image_size)
        self._mean, self._spread = np.asarray(mean, np.float32), np.asarray(spread, np.float32)

    def tokens_of(self, style: StyleReference) -> Tensor:
        """Return the tokens of a style `[1, n, C]`: read from its picture, or those that it brings."""
        if isinstance(style, ReadStyle):
            return style.states.to(self.encoder.device, self.encoder.dtype)
        return self.read(style.rgb, semantic=style.semantic)

    def states(self, pictures: Tensor) -> Tensor:
        """Return the tokens `[B, n, C]` of pictures `[B, 3, h, w]`, 0..1, as a part of autograd's graph."""
        square = torch.nn.functional.interpolate(
            pictures.float(), (self.side, self.side), mode="bilinear", antialias=True, align_corners=False
        )
        mean, spread = (torch.from_numpy(each)[None, :, None, None] for each in (self._mean, self._spread))
        pixels = (square.to(self.encoder.device) - mean.to(self.encoder.device)) / spread.to(self.encoder.device)
        states: Tensor = self.encoder(pixel_values=pixels.to(self.encoder.dtype)).last_hidden_state
        return states

    def read(self, rgb: np.ndarray, *, semantic: float = 0.0) -> Tensor:
        """Return the tokens of uint8 RGB `[h, w, 3]`, resized to a square: a style does not depend on proportions."""
        small = Image.fromarray(rgb).resize((self.side, self.side), Image.Resampling.BOX)
        values = (np.asarray(small, np.float32) / 255 - self._mean) / self._spread
        pixels = torch.from_numpy(values).permute(2, 0, 1)[None].to(self.encoder.device)
        tokens = computed(
            "image encoder",
            self.encoder,
            lambda: self.encoder(pixel_values=pixels.to(self.encoder.dtype)).last_hidden_state,
            tensors=lambda found: [found],
        )
        return shift_semantics(tokens, semantic)


def shift_semantics(tokens: Tensor, amount: float) -> Tensor:
    """Shift image tokens `[1, n, C]` between style and content (Versatile Diffusion, arXiv 2211.08332, section 4.3).

    The leading principal components of the tokens (not centred) carry the content, the rest the style. With `amount`
    towards -1 the first component fades, towards 1 all but the leading five; the tokens' standard deviation is kept.
    """
    if amount == 0:
        return tokens
    matrix = tokens.float()[0]
    left, values, right = torch.linalg.svd(matrix, full_matrices=False)
    faded = torch.zeros_like(values, dtype=torch.bool)
    faded[: 1 if amount < 0 else None] = True
    faded[:_LEADING] &= amount < 0
    values = torch.where(faded, values * (1 - abs(amount)), values)
    moved = (left * values) @ right
    moved = moved * (matrix.std() / moved.std().clamp_min(1e-6))
    return moved[None].to(tokens.dtype)


def load_t5(facts: InstalledModel, *, device: torch.device, dtype: torch.dtype) -> T5Reader:
    """Load the T5 encoder from a model's `text_encoder_2` and `tokenizer_2`.

    Raises:
        ModelIncomplete: a part is missing or damaged.
    """
    from transformers.models.t5.modeling_t5 import T5EncoderModel

    encoder = loading.load_part(T5EncoderModel, facts.path, "text_encoder_2", dtype=dtype)
    return T5Reader(load_tokenizer(facts.config / "tokenizer_2"), place_encoder(encoder, device))


def load_tokenizer(folder: Path) -> Any:
    """Load T5's tokenizer from a folder's tokenizer.json or, without one, from its spiece.model.

    Where tokenizer_config.json names no family's class, tokenizer.json is read as it stands: T5's class would replace
    its normalizer, which adds picture tokens.

    Raises:
        ModelIncomplete: it has neither, or the one it has is damaged.
    """
    from transformers import PreTrainedTokenizerFast
    from transformers.models.t5.tokenization_t5 import T5Tokenizer

    try:
        if (folder / "tokenizer.json").is_file():
            with secluded():
                kind = PreTrainedTokenizerFast if _settings(folder).get("tokenizer_class") in _GENERAL else T5Tokenizer
                return kind.from_pretrained(folder, local_files_only=True)
        return _tokenizer_of_pieces(folder)
    except FileNotFoundError:
        raise incomplete("tokenizer_2", "tokenizer.json is missing") from None
    except Exception as error:
        details = f"{type(error).__name__}: {error}"
        raise incomplete("tokenizer_2", "its files do not load", details=details) from error


def _tokenizer_of_pieces(folder: Path) -> Any:
    """Load T5's tokenizer from a spiece.model alone, with the settings in tokenizer_config.json if there are any."""
    from transformers.models.t5.tokenization_t5 import T5Tokenizer

    with open_regular(folder / "spiece.model") as file:
        vocabulary = read_vocabulary(file.read(_MOST_BYTES))
    extra = _settings(folder).get("extra_ids", 100)
    if not isinstance(extra, int) or not 0 <= extra <= 1000:
        raise ValueError(f"{extra} extra ids")
    pieces = [*vocabulary.pieces, *((f"<extra_id_{number}>", 0.0) for number in reversed(range(extra)))]
    return T5Tokenizer(vocab=pieces, extra_ids=extra, _spm_precompiled_charsmap=vocabulary.characters)


def _settings(folder: Path) -> dict[str, Any]:
    beside = folder / "tokenizer_config.json"
    return read_json(beside, part="tokenizer_2") if beside.is_file() else {}


def load_image_reader(facts: InstalledModel, *, device: torch.device, dtype: torch.dtype) -> ImageReader:
    """Load the CLIP image encoder from a model's `image_encoder`, normalised by its `preprocessor_config.json` if any.

    Raises:
        ModelIncomplete: a part is missing or damaged.
    """
    from transformers.models.clip.modeling_clip import CLIPVisionModel

    encoder = loading.load_part(CLIPVisionModel, facts.path, "image_encoder", dtype=dtype)
    mean, spread = _normalisation(facts.config / "image_encoder")
    return ImageReader(place_encoder(encoder, device), mean=mean, spread=spread)


def _normalisation(folder: Path) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if not (folder / "preprocessor_config.json").is_file():
        return _CLIP_MEAN, _CLIP_SPREAD
    values = read_json(folder / "preprocessor_config.json", part="image_encoder")
    try:
        mean, spread = (tuple(float(v) for v in values[key]) for key in ("image_mean", "image_std"))
        if len(mean) != 3 or len(spread) != 3 or not all(value > 0 for value in spread):
            raise ValueError(f"mean {mean}, spread {spread}")
    except (KeyError, TypeError, ValueError) as error:
        raise incomplete(
            "image_encoder", "preprocessor_config.json has no usable image_mean and image_std", details=str(error)
        ) from error
    return mean, spread
