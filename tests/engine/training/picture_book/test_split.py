"""What training must not see: declared in one place, of the stated size, and kept to by the composer."""

from __future__ import annotations

import itertools

import pytest

from engine.training.picture_book.compose import Composer
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.split import HELD_OUT, pair_is_withheld, withheld_drawings
from engine.training.picture_book.sprites import Sprite, SpriteStore
from engine.training.picture_book.styles import style_of
from engine.world.looks import WITHHELD


def _drawn(noun: str, count: int) -> list[Sprite]:
    return [Sprite(noun, "FNTXS"[k % 5], f"{noun}-{k}", f"{k}.png") for k in range(count)]


def test_a_tenth_of_the_drawings_is_withheld_and_two_always_stay() -> None:
    withheld = total = 0
    for noun in nouns():
        drawn = _drawn(noun, 5)
        kept_back = withheld_drawings(drawn)
        assert len(drawn) - len(kept_back) >= 2
        assert not any("|F|" in key for key in kept_back)
        withheld, total = withheld + len(kept_back), total + len(drawn)
    assert 0.08 < withheld / total < 0.12
    assert withheld_drawings(_drawn("cat", 2)) == frozenset()
    assert withheld_drawings([]) == frozenset()


def test_what_is_withheld_depends_on_nothing_but_the_drawings() -> None:
    drawn = _drawn("dog", 12)
    assert withheld_drawings(drawn) == withheld_drawings(drawn[::-1]) != frozenset()


def test_a_tenth_of_the_pairs_of_nouns_is_withheld_either_way_round() -> None:
    pairs = list(itertools.combinations(list(nouns())[:120], 2))
    share = sum(pair_is_withheld(*pair) for pair in pairs) / len(pairs)
    assert 0.08 < share < 0.12
    assert all(pair_is_withheld(a, b) == pair_is_withheld(b, a) for a, b in pairs[:200])
    assert not pair_is_withheld("cat", "cat")


def test_training_never_shows_a_withheld_drawing_or_pair(sprites: SpriteStore) -> None:
    composer = Composer(sprites)
    for noun, drawn in composer.drawings.items():
        assert not {sprite.key for sprite in drawn} & withheld_drawings(sprites.of[noun])
    for seed in range(40):
        things = {part.name for part in composer(seed).parts if part.group >= 0}
        assert not any(pair_is_withheld(a, b) for a, b in itertools.combinations(things, 2))


def test_seeds_of_the_labs_are_refused_in_training_and_others_in_the_labs(sprites: SpriteStore) -> None:
    with pytest.raises(ValueError, match="held out"):
        Composer(sprites)(HELD_OUT)
    with pytest.raises(ValueError, match="not held out"):
        Composer(sprites, withheld=True)(5)
    assert Composer(sprites, withheld=True)(HELD_OUT).rgb.shape == (512, 512, 3)


def test_no_seed_has_a_withheld_look() -> None:
    styles = [style_of(4 * group) for group in range(400)]
    assert not {(style.look.medium, style.look.light) for style in styles} & WITHHELD
    assert style_of(8) == style_of(11)
