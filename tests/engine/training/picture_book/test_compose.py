"""Compositions: the same for a seed, their areas exact and apart, things where they may stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.training.picture_book.backdrops import SIZE, BackdropPool, draw_backdrop, draw_pool
from engine.training.picture_book.colours import COLOURS, recoloured
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.errors import StoreError
from engine.training.picture_book.finish import in_style
from engine.training.picture_book.placing import Wish, find_spot
from engine.training.picture_book.sprites import SpriteStore, sized
from engine.training.picture_book.styles import style_of


def test_a_seed_is_one_scene(sprites: SpriteStore, data: Path) -> None:
    pool = BackdropPool(data / "backdrops")
    one, other = (Composer(sprites, pool)(7) for _ in range(2))
    assert np.array_equal(one.rgb, other.rgb)
    assert [part.name for part in one.parts] == [part.name for part in other.parts]


def test_areas_do_not_overlap_and_things_come_in_groups(sprites: SpriteStore) -> None:
    composer = Composer(sprites)
    groups = 0
    for seed in range(12):
        scene = composer(seed)
        assert scene.rgb.shape == (SIZE, SIZE, 3) and scene.rgb.dtype == np.uint8
        assert np.sum([part.area for part in scene.parts], 0).max() <= 1
        numbers = [part.group for part in scene.parts if part.group >= 0]
        groups += len(numbers) - len(set(numbers))
        owner, things = scene.layers()
        assert owner.max() < len(scene.parts) == len(things)
    assert groups > 0


def test_crowded_scenes_have_more_things_most_of_them_recoloured_whatever_they_are(sprites: SpriteStore) -> None:
    things = {
        crowded: [[(part.name, part.colour) for part in composer(seed).parts if part.group >= 0] for seed in range(30)]
        for crowded in (False, True)
        for composer in [Composer(sprites, crowded=crowded)]
    }
    many = {
        crowded: np.mean([len({name for name, _ in scene}) for scene in scenes]) for crowded, scenes in things.items()
    }
    coloured = {each: [bool(colour) for scene in scenes for _, colour in scene] for each, scenes in things.items()}
    assert many[True] > many[False]
    assert np.mean(coloured[True]) > 0.1 + np.mean(coloured[False])
    kept = {noun.name for noun in Composer(sprites).nouns if not noun.recolour}
    assert any(name in kept and colour for scene in things[True] for name, colour in scene)
    assert not any(name in kept and colour for scene in things[False] for name, colour in scene)


def test_a_scene_in_a_look_keeps_its_areas(sprites: SpriteStore) -> None:
    seed = next(seed for seed in range(400) if style_of(seed).look.medium != "plain")
    scene = Composer(sprites)(seed)
    assert not np.array_equal(in_style(scene, seed), scene.rgb)
    assert in_style(scene, seed).shape == scene.rgb.shape


def test_feet_stand_in_their_place_and_things_of_one_noun_apart() -> None:
    rng = np.random.default_rng(0)
    ground = np.zeros((512, 512), bool)
    ground[300:] = True
    wish = Wish(heights=(0.1, 0.3), aspect=1.0)
    taken: list[tuple[tuple[int, int, int, int], bool]] = []
    for _ in range(6):
        spot = find_spot(rng, wish, {"ground": ground}, taken)
        if spot is None:
            continue
        assert 300 <= spot.box[3] <= 512 and spot.shadow
        for (left, top, right, bottom), _ in taken:
            wide = min(right, spot.box[2]) - max(left, spot.box[0])
            high = min(bottom, spot.box[3]) - max(top, spot.box[1])
            assert max(0, wide) * max(0, high) <= 0.08 * spot.height * (spot.box[2] - spot.box[0])
        taken.append((spot.box, True))
    assert len(taken) >= 3


def test_nothing_is_smaller_than_the_smallest_nor_wider_than_the_picture() -> None:
    rng = np.random.default_rng(1)
    for aspect in (0.2, 1.0, 5.0):
        for _ in range(30):
            spot = find_spot(rng, Wish(heights=(0.01, 0.9), aspect=aspect), {}, [])
            assert spot is not None
            wide, high = spot.box[2] - spot.box[0], spot.height
            assert 48 <= max(wide, high) <= 512


def test_things_stand_on_the_grid_of_the_latents_in_few_sizes() -> None:
    rng, sides = np.random.default_rng(2), set()
    area = np.ones((512, 512), bool)
    for turn in range(200):
        places = {} if turn % 2 else {"ground": area}
        spot = find_spot(rng, Wish(heights=(0.05, 0.6), aspect=(0.6, 1.0, 1.7)[turn % 3]), places, [])
        assert spot is not None
        top, left, side = (16 * cells for cells in spot.square)
        assert side == max(spot.width, spot.height)
        around = (spot.box[0] - left, left + side - spot.box[2], spot.box[1] - top, top + side - spot.box[3])
        assert min(around) == 0 and abs(around[0] - around[1]) <= 1 and abs(around[2] - around[3]) <= 1
        sides.add(side)
    assert sides == {48, 96, 192, 384}


def test_a_recoloured_drawing_has_its_colour_and_keeps_its_shape(sprites: SpriteStore) -> None:
    sprite = sized(sprites.image(sprites.of["balloon"][0]), 50, 60)
    for colour, wanted in COLOURS.items():
        made = recoloured(sprite, colour)
        assert made is not None
        assert np.array_equal(made[..., 3], sprite[..., 3])
        inside = made[sprite[..., 3] > 0.9][:, :3].mean(0)
        assert np.abs(inside - wanted).max() < 40, colour


def test_a_drawing_without_colour_is_not_recoloured() -> None:
    grey = np.full((20, 20, 4), 128, np.float32)
    grey[..., 3] = 1
    assert recoloured(grey, "red") is None


def test_every_kind_of_backdrop_is_whole() -> None:
    for seed in range(10):
        made = draw_backdrop(seed)
        assert made.rgb.shape == (SIZE, SIZE, 3)
        assert made.owner.max() < len(made.names)


def test_a_pool_goes_on_where_it_ended(data: Path, tmp_path: Path) -> None:
    draw_pool(tmp_path, 2, progress=lambda _: None)
    ours, theirs = BackdropPool(tmp_path), BackdropPool(data / "backdrops")
    assert np.array_equal(ours[1].rgb, theirs[1].rgb)
    with pytest.raises(StoreError):
        BackdropPool(tmp_path / "none")
