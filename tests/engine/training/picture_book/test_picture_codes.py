"""What picture tokens begin as: each holds its own part of the drawing, and says which part it is."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from engine.training.conditions import WIDTH
from engine.training.picture_book.autoencoder import new_autoencoder
from engine.training.picture_book.denoiser import new_conditions
from engine.training.picture_book.picture_codes import draw_words, picture_codes
from engine.training.picture_book.sprites import Sprite, SpriteStore
from resources.picture_tokens import COUNT, SIDE, picture_tokens


class Halves(SpriteStore):
    """Sprites whose upper half has one colour and whose lower half another."""

    def __init__(self) -> None:
        self.of = {name: [Sprite(name, pack, name, f"{name}-{pack}") for pack in "NF"] for name in LOOKS}

    def image(self, sprite: Sprite) -> Image.Image:
        """The default pack's look; the other pack's is black."""
        colours = LOOKS[sprite.noun] if sprite.pack == "F" else ((0, 0, 0), (0, 0, 0))
        image = Image.new("RGBA", (80, 80), (*colours[0], 255))
        image.paste((*colours[1], 255), (0, 40, 80, 80))
        return image


LOOKS = {
    "apple": ((220, 30, 30), (220, 30, 30)),
    "tomato": ((220, 30, 30), (30, 200, 40)),
    "whale": ((30, 60, 220), (30, 60, 220)),
}


@pytest.fixture(scope="module")
def codes() -> dict[str, np.ndarray]:
    torch.manual_seed(0)
    return picture_codes(Halves(), new_autoencoder().eval())


def test_parts_that_look_alike_have_codes_that_are_alike(codes: dict[str, np.ndarray]) -> None:
    assert set(codes) == set(LOOKS) and all(rows.shape == (COUNT, WIDTH) for rows in codes.values())
    content = {name: rows[:, : WIDTH - 2 * SIDE] for name, rows in codes.items()}

    def apart(one: str, other: str, part: int) -> float:
        return float(np.linalg.norm(content[one][part] - content[other][part]))

    upper, lower = SIDE + 1, (SIDE - 2) * SIDE + 1
    assert apart("apple", "tomato", upper) < 0.3 * apart("apple", "whale", upper)
    assert apart("apple", "tomato", lower) > apart("apple", "tomato", upper)


def test_every_code_says_its_row_and_column(codes: dict[str, np.ndarray]) -> None:
    for rows in codes.values():
        places = rows[:, WIDTH - 2 * SIDE :]
        assert len({tuple(row) for row in places}) == COUNT
        assert (places[:, :SIDE].argmax(1) == np.arange(COUNT) // SIDE).all()
        assert (places[:, SIDE:].argmax(1) == np.arange(COUNT) % SIDE).all()


def test_t5_begins_with_them(codes: dict[str, np.ndarray]) -> None:
    conditions = new_conditions()
    draw_words(conditions, codes)
    tokens = conditions.t5_tokenizer.convert_tokens_to_ids(picture_tokens("whale"))
    rows = conditions.t5.get_input_embeddings().weight[tokens].detach().numpy()
    assert np.allclose(rows, codes["whale"])
