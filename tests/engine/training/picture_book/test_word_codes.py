"""What words begin as: things that look alike have words that are alike, in both encoders."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from engine.training.conditions import WIDTH
from engine.training.picture_book.denoiser import new_conditions
from engine.training.picture_book.sprites import Sprite, SpriteStore
from engine.training.picture_book.word_codes import begin_with, word_codes


class Drawn(SpriteStore):
    """Sprites that are drawn here: two reds, a blue, and a small one."""

    def __init__(self) -> None:
        self.of = {name: [Sprite(name, pack, name, f"{name}-{pack}") for pack in "FNT"] for name in LOOKS}

    def image(self, sprite: Sprite) -> Image.Image:
        """A rectangle of the noun's look."""
        colour, size = LOOKS[sprite.noun]
        return Image.new("RGBA", size, (*colour, 255))


LOOKS = {
    "apple": ((220, 30, 30), (60, 60)),
    "tomato": ((210, 40, 30), (60, 56)),
    "whale": ((30, 60, 220), (90, 40)),
    "pencil": ((240, 200, 40), (12, 90)),
}


def test_alike_things_have_alike_codes() -> None:
    codes = word_codes(Drawn())
    assert set(codes) == set(LOOKS) and all(code.shape == (WIDTH,) for code in codes.values())
    assert np.mean([np.square(code).mean() for code in codes.values()]) == pytest.approx(1, abs=1e-4)

    def like(one: str, other: str) -> float:
        return float(codes[one] @ codes[other] / np.linalg.norm(codes[one]) / np.linalg.norm(codes[other]))

    assert like("apple", "tomato") > 0.2 > max(like("apple", "whale"), like("apple", "pencil"))


def test_a_code_is_of_the_default_pack_s_drawing() -> None:
    class Differing(Drawn):
        """The apple of one pack is blue and flat."""

        def image(self, sprite: Sprite) -> Image.Image:
            other = sprite.noun == "apple" and sprite.pack == self.odd
            return super().image(Sprite("whale", "F", "whale", "") if other else sprite)

    alike = {}
    for pack in "FN":
        Differing.odd = pack
        codes = word_codes(Differing())
        alike[pack] = np.linalg.norm(codes["apple"] - codes["whale"]) / np.linalg.norm(codes["apple"])
    assert alike["F"] < 0.05 and alike["N"] > 0.5


def test_both_encoders_begin_with_them_in_singular_and_plural() -> None:
    codes = word_codes(Drawn())
    conditions = new_conditions()
    before = [encoder.get_input_embeddings().weight.clone() for encoder in (conditions.text, conditions.t5)]
    assert begin_with(conditions, codes) >= 2 * 2 * len(codes)
    for tokenizer, encoder, old in (
        (conditions.tokenizer, conditions.text, before[0]),
        (conditions.t5_tokenizer, conditions.t5, before[1]),
    ):
        table = encoder.get_input_embeddings().weight
        one, many, other = (
            table[tokenizer(word, add_special_tokens=False).input_ids[0]] for word in ("whale", "whales", "pencil")
        )
        assert torch.equal(one, many) and not torch.equal(one, other)
        changed = (table != old).any(1).sum()
        assert 0 < int(changed) < 60
