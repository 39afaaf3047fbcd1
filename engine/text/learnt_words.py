"""Words that were learnt (textual inversion, arXiv 2208.01618): vectors that a text encoder takes for a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import EngineError, ModelIncomplete, UnsupportedModel
from engine.text.spans import Span, TokenizedPrompt, tokenize
from engine.weights.tensors import read_tensors

_FIRST, _SECOND = "text_encoder", "text_encoder_2"
_PARTS = {"clip_l": _FIRST, "text_encoders_0": _FIRST, "clip_g": _SECOND, "text_encoders_1": _SECOND}
"""Names of tensors that say which encoder they are for; a single tensor of another name (A1111's "emb_params", the word
itself in diffusers' files) is for a model with one encoder."""
_ENCODERS = {_FIRST: "text encoder", _SECOND: "second text encoder"}


@dataclass(frozen=True, eq=False)
class LearntWord:
    """A word and the vectors that a file has for it, float32 `[n, C]`, by encoder; "" is whichever encoder there is.

    Attributes:
        adapter: the name of the LoRA file that acts wherever the word stands, "" if there is none.
    """

    name: str
    vectors: Mapping[str, Tensor]
    adapter: str = ""

    def of(self, widths: Mapping[str, int]) -> dict[str, Tensor]:
        """Return its vectors for each of a model's encoders.

        Args:
            widths: of the encoders' words, by part: "text_encoder", "text_encoder_2".

        Raises:
            UnsupportedModel: it has none for one of them, or vectors of another width.
        """
        found = {}
        for part, width in widths.items():
            vectors = self.vectors.get(part)
            if vectors is None and len(widths) == 1:
                vectors = self.vectors.get("")
            if vectors is None:
                ours = ", ".join(str(each.shape[1]) for each in self.vectors.values())
                raise self._misfit(f"it has vectors of {ours} numbers, but none for the model's {_ENCODERS[part]}")
            if vectors.shape[1] != width:
                raise self._misfit(
                    f"its vectors have {vectors.shape[1]} numbers, where the model's {_ENCODERS[part]} takes {width}"
                )
            found[part] = vectors
        counts = {len(vectors) for vectors in found.values()}
        if len(counts) > 1:
            raise self._misfit("it has more vectors for one of the text encoders than for the other")
        return found

    def _misfit(self, why: str) -> UnsupportedModel:
        return UnsupportedModel(
            f'The embedding "{self.name}" does not fit this model: {why}.',
            hint="Get the one that was made for this model's family, or take the word out of the prompt.",
        )


def read_word(name: str, file: Path, *, adapter: str = "") -> LearntWord:
    """Read an embedding: A1111's form (`emb_params`), SDXL's (`clip_l`, `clip_g`), or diffusers' (the word itself).

    The last few are kept until they change on disk. `adapter` is handed on, see `LearntWord`.

    Raises:
        ModelIncomplete: it is damaged. UnsupportedModel: it is no embedding.
    """
    stat = file.stat()
    return _read(name, file, adapter, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=32)
def _read(name: str, file: Path, adapter: str, _modified: int, _size: int) -> LearntWord:
    try:
        tensors = read_tensors([file], part="embedding", dtype=torch.float32)
    except ModelIncomplete as error:
        raise _damaged(file, error.details or error.message) from error
    if len(tensors) == 1:
        ((key, tensor),) = tensors.items()
        vectors = {_PARTS.get(key, ""): tensor}
    else:
        vectors = {_PARTS[key]: tensor for key, tensor in tensors.items() if key in _PARTS}
    if not vectors or not all(tensor.ndim in (1, 2) and tensor.numel() for tensor in vectors.values()):
        raise UnsupportedModel(
            f'The file "{file.name}" is not an embedding: '
            f"it holds {', '.join(sorted(tensors)[:4])[:200] or 'nothing'}.",
            hint="Choose one in .safetensors format, as A1111, ComfyUI or diffusers write it.",
        )
    for key, tensor in tensors.items():
        if not bool(torch.isfinite(tensor).all()):
            raise _damaged(file, f"{key} holds NaN or infinity")
    own = {part: tensor.reshape(-1, tensor.shape[-1]) for part, tensor in vectors.items()}
    return LearntWord(name, own, adapter)


def _damaged(file: Path, why: str) -> EngineError:
    return ModelIncomplete(
        f'The embedding "{file.name}" is damaged: {why}.',
        hint="Get the file again, or take the word out of the prompt.",
        details=why,
    )


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The learnt words of one text encoder.

    Attributes:
        vectors: `[n, C]` by word. find: where they stand in a text.
    """

    vectors: Mapping[str, Tensor]
    find: Callable[[str], tuple[tuple[Span, str], ...]]

    def tokenize(self, tokenizer: Any, prompt: str, *, max_length: int, chunks: int) -> TokenizedPrompt:
        """As `engine.text.spans.tokenize`; each vector of a word takes a token, whose characters are the word's."""
        learnt = [(span, len(self.vectors[name])) for span, name in self.find(prompt)]
        return tokenize(tokenizer, prompt, max_length=max_length, chunks=chunks, learnt=learnt)

    @contextmanager
    def looked_up(self, encoder: Any, tokenized: TokenizedPrompt) -> Iterator[None]:
        """Let an encoder find the vectors where the words stand in this text, while it reads it."""
        if not tokenized.learnt:
            yield
            return
        names = [name for _, name in self.find(tokenized.prompt)]
        rows = torch.stack([self.vectors[names[which]][row] for _, which, row in tokenized.learnt])
        places = torch.tensor([place for place, _, _ in tokenized.learnt])

        def replace(_module: nn.Module, _args: Any, out: Tensor) -> Tensor:
            flat = out.flatten(0, 1).clone()
            flat[places.to(out.device)] = rows.to(out.device, out.dtype)
            return flat.view_as(out)

        handle = encoder.get_input_embeddings().register_forward_hook(replace)
        try:
            yield
        finally:
            handle.remove()
