"""A model's own vision-language encoder, asked about a picture: loaded with its eyes, and answering in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.errors import UnsupportedModel
from engine.facts import InstalledModel
from engine.models.eyes import QWEN3, Eyes, class_of, eyes_of
from engine.models.families.components import load_part
from engine.models.families.transformer_parts import load_text_tokenizer, picked_dtype
from engine.surroundings import secluded
from engine.weights.files import find_weights, incomplete
from engine.weights.headers import read_header
from engine.weights.placing import place_encoder

MOST_PIXELS = 28 * 28 * 1280
"""Pixels at which the model gets a picture at most: a million, 1280 of its tokens."""
TOKENS = 640
"""The longest answer."""
_ENDS = ("<|im_end|>", "<|endoftext|>")


@dataclass(frozen=True)
class Answer:
    """What was answered, and (width, height) that the coordinates in it go up to."""

    text: str
    size: tuple[int, int]


class Seer:
    """A vision-language model with its tokenizer.

    Args:
        model: a `...ForConditionalGeneration` of transformers, see `engine.models.eyes.Eyes`.
    """

    def __init__(self, model: Any, tokenizer: Any, eyes: Eyes) -> None:
        self.model, self.tokenizer, self.eyes = model, tokenizer, eyes

    @torch.inference_mode()
    def ask(
        self,
        rgb: np.ndarray,
        question: str,
        *,
        tokens: int | None = None,
        check: Callable[[], None] = lambda: None,
        told: Callable[[float], None] = lambda share: None,
    ) -> Answer:
        """Ask about a picture, uint8 `[H, W, 3]`; the likeliest word is taken at each place.

        Args:
            tokens: the longest answer; `TOKENS` by default. check: called before every token; what it raises ends the
                answer.
            told: hears which share of the longest answer is there, 0..1.
        """
        from transformers.generation.configuration_utils import GenerationConfig
        from transformers.generation.stopping_criteria import StoppingCriteriaList

        most = TOKENS if tokens is None else tokens
        pixels, grid, size = self._seen(rgb)
        ids = self._tokens(question, int(grid.prod()) // self._merge**2)
        places = (ids == self.model.config.image_token_id).int()

        def go_on(written: Tensor, scores: Any, **_more: Any) -> Tensor:
            check()
            told(min(1.0, (written.shape[1] - ids.shape[1]) / most))
            return torch.zeros(len(written), dtype=torch.bool, device=written.device)

        ends = [self.tokenizer.convert_tokens_to_ids(end) for end in _ENDS]
        how = GenerationConfig(
            max_new_tokens=most, do_sample=False, eos_token_id=sorted(set(ends)), pad_token_id=ends[-1]
        )
        device = self.model.device
        with secluded():
            written = self.model.generate(
                input_ids=ids.to(device),
                attention_mask=torch.ones_like(ids).to(device),
                mm_token_type_ids=places.to(device),
                pixel_values=pixels.to(device, self.model.dtype),
                image_grid_thw=grid.to(device),
                generation_config=how,
                stopping_criteria=StoppingCriteriaList([go_on]),
            )
        answer = self.tokenizer.decode(written[0, ids.shape[1] :], skip_special_tokens=True)
        return Answer(str(answer), size if self.eyes.scale is None else (self.eyes.scale, self.eyes.scale))

    @property
    def _merge(self) -> int:
        return int(self.model.config.vision_config.spatial_merge_size)

    def _seen(self, rgb: np.ndarray) -> tuple[Tensor, Tensor, tuple[int, int]]:
        """A picture as the model gets it: patches, the grid of them (1, rows, columns), and (width, height)."""
        from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

        vision = self.model.config.vision_config
        reader = Qwen2VLImageProcessorPil(
            patch_size=vision.patch_size, temporal_patch_size=vision.temporal_patch_size, merge_size=self._merge,
            max_pixels=MOST_PIXELS, image_mean=list(self.eyes.mean), image_std=list(self.eyes.spread),
        )  # fmt: skip
        read = reader(images=[rgb], return_tensors="pt")
        grid = read["image_grid_thw"]
        rows, columns = (int(each) for each in grid[0, 1:])
        return read["pixel_values"], grid, (columns * vision.patch_size, rows * vision.patch_size)

    def _tokens(self, question: str, places: int) -> Tensor:
        """The question in the model's chat, with `places` for the picture before it: int64 `[1, n]`."""
        config = self.model.config
        before, after = self.eyes.system + "<|im_start|>user\n", f"{question}<|im_end|>\n<|im_start|>assistant\n"
        first, last = (self.tokenizer(text, add_special_tokens=False)["input_ids"] for text in (before, after))
        picture = [config.vision_start_token_id, *[config.image_token_id] * places, config.vision_end_token_id]
        return torch.tensor([[*first, *picture, *last]])


def load(facts: InstalledModel, device: torch.device) -> Seer:
    """A model's text encoder with its eyes and the head that says words, alone.

    Raises:
        UnsupportedModel: its encoder only reads, or its files lack the part that sees. ModelIncomplete: files are
        missing or damaged.
    """
    eyes = eyes_of(facts.config)
    if eyes is None or facts.is_assembled or facts.path.is_file():
        raise _blind(facts, class_of(facts.config) or "nameless class")
    files = find_weights(facts.path / "text_encoder", "model", part="text_encoder").files
    if not any("visual." in name for file in files for name in read_header(file, part="text_encoder")):
        raise _blind(facts, "files without its vision part")
    network = load_part(facts, _whole(eyes), "text_encoder", dtype=picked_dtype(facts, device))
    if network.config.image_token_id is None or network.config.vision_start_token_id is None:
        raise incomplete("text_encoder", "its config does not say where a picture stands in a text")
    part = "processor" if (facts.config / "processor" / "tokenizer_config.json").is_file() else "tokenizer"
    return Seer(place_encoder(network, device), load_text_tokenizer(facts, part), eyes)


def _whole(eyes: Eyes) -> Any:
    """Its class, with eyes and the head that says words."""
    if eyes is QWEN3:
        from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLForConditionalGeneration

        return Qwen3VLForConditionalGeneration
    from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import Qwen2_5_VLForConditionalGeneration

    return Qwen2_5_VLForConditionalGeneration


def _blind(facts: InstalledModel, found: str) -> UnsupportedModel:
    return UnsupportedModel(
        f'The text encoder of "{facts.name}" cannot see: its files lack the vision part.',
        hint="Install the whole folder of the model, with all of its text_encoder, or choose the starter.",
        details=found,
    )
