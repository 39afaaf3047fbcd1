"""The recogniser: windows with their parts, what areas show, calibration, and a few steps of its training."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.scoring.recogniser import CELL, WIDTHS, Recogniser, encoder, load, of_areas, save, to_tensor
from engine.training.picture_book.recogniser import (
    Seen,
    Windows,
    best_temperature,
    calibration_error,
    losses,
    pasted,
    spoiled,
    train,
    window,
)
from engine.training.picture_book.shards import SIDE, ShardStore
from engine.training.picture_book.vocabulary import names

CPU = torch.device("cpu")


class Knows(Recogniser):
    """Sees a name in each half of a picture, and nothing but them."""

    def logits(self, pictures):
        logits = torch.zeros(len(pictures), 3, pictures.shape[2] // CELL, pictures.shape[3] // CELL)
        half = logits.shape[3] // 2
        logits[:, 1, :, :half], logits[:, 2, :, half:] = 4.0, 2.0
        return logits


def test_pixels_and_areas_get_their_names():
    model = Knows(("sky", "cat", "dog"))
    rgb = np.zeros((64, 128, 3), np.uint8)
    labels = model.predict(rgb[None])[0]
    assert labels.shape == (64, 128) and set(labels[:, :48].flat) == {1} and set(labels[:, 80:].flat) == {2}
    areas = np.zeros((3, 64, 128), np.uint8)
    areas[0, :, :64], areas[1, 10:30, 84:104] = 255, 1
    left, right, empty = model.recognise(rgb, areas)
    assert (left.name, right.name, empty) == ("cat", "dog", None)
    assert left.probability == pytest.approx(float(torch.tensor([0.0, 4.0, 0.0]).softmax(0)[1]))
    model.temperature = torch.tensor(2.0)
    assert model.recognise(rgb, areas)[0].probability < left.probability


def test_a_thing_that_was_asked_for_is_told_by_its_cells_where_they_are_enough():
    model = Knows(("sky", "cat", "dog"), stuff=("sky", "dog"))  # as if its right half were stuff
    rgb = np.zeros((64, 128, 3), np.uint8)
    wide, narrow = np.zeros((2, 64, 128), np.uint8)
    wide[:, 48:] = 1  # of five cells one shows the thing
    narrow[:, 62:] = 1  # of five cells one, and of that an eighth
    areas = np.stack([wide, narrow])
    assert [each.name for each in model.recognise(rgb, areas)] == ["dog", "dog"]
    assert [each.name for each in model.recognise(rgb, areas, ["cat", "cat"])] == ["cat", "dog"]
    assert [each.name for each in model.recognise(rgb, areas, ["dog", None])] == ["dog", "dog"]


def test_an_area_is_the_mean_of_its_cells():
    logits = torch.arange(8.0).reshape(2, 2, 2)
    cells = torch.tensor([[[1.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.5]]])
    assert of_areas(logits, cells).tolist() == [[0.5, 4.5], [3.0, 7.0]]


def test_it_is_the_same_from_its_file(made: Path, tmp_path: Path):
    torch.manual_seed(0)
    model = Recogniser(("sea, calm", "cat"), {"kitten": "cat"}, encoder(made / "vae"), stuff=["sea, calm"]).eval()
    model.temperature = torch.tensor(1.5)
    file = tmp_path / "recogniser.safetensors"
    save(model, file)
    again = load(file, made / "vae")
    picture = torch.rand(1, 3, 64, 128)
    assert (again.names, again.other_words, float(again.temperature)) == (model.names, model.other_words, 1.5)
    assert again.stuff == {"sea, calm"}
    with torch.inference_mode():
        before, after = model.logits(picture), again.logits(picture)
    assert float((after - before).std() / before.std()) < 0.03
    assert file.stat().st_size < 1.1 * sum(weight.numel() for weight in model.parameters())
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.safetensors", made / "vae")


def test_its_scores_and_features_are_of_one_picture_each(made: Path):
    torch.manual_seed(1)
    model = Recogniser(("sky", "cat", "dog"), encode=encoder(made / "vae")).eval()
    rgb = np.random.default_rng(0).integers(0, 256, (2, 64, 128, 3), np.uint8)
    scores = model.scores(rgb[1])
    assert scores.shape == (3, 4, 8)
    assert np.allclose(scores, model.logits(to_tensor(rgb))[1].detach().numpy(), atol=1e-4)
    both = model.features(rgb)
    assert both.shape == (2, 2 * sum(WIDTHS)) and np.allclose(both[1], model.features(rgb[1:])[0], atol=1e-5)
    assert np.abs(both[0] - both[1]).max() > 1e-3


def test_windows_keep_their_parts_in_place(made: Path):
    store, rng = ShardStore(made / "shards"), np.random.default_rng(1)
    for example in (store[number] for number in range(len(store))):
        latents, parts = window(example, rng, SIDE)
        assert np.array_equal(latents, example.latents.astype(np.float32))
        assert {names()[part.name] for part in parts} <= {part.name for part in example.parts}
        latents, parts = window(example, rng, 16)
        places = [(y, x) for y in range(SIDE - 15) for x in range(SIDE - 15)]
        (y, x), *_ = [(y, x) for y, x in places if np.array_equal(example.latents[:, y : y + 16, x : x + 16], latents)]
        there = [area[y : y + 16, x : x + 16] for area in example.areas]
        assert parts and all(any(np.array_equal(part.cells, own) for own in there) for part in parts)


def test_a_window_holds_a_thing_that_fits(made: Path):
    store, rng = ShardStore(made / "shards"), np.random.default_rng(2)
    things = [e for e in (store[number] for number in range(len(store))) if any(p.group >= 0 for p in e.parts)]
    whole = [any(part.weight == 1.0 for part in window(things[n % len(things)], rng, 16)[1]) for n in range(200)]
    assert np.mean(whole) > 0.8


def test_a_pasted_thing_lies_whole_on_what_is_there_and_hides_it(made: Path):
    store, rng = ShardStore(made / "shards"), np.random.default_rng(3)
    latents, parts = window(store[0], rng, SIDE)
    for number in range(len(store)):
        example = store[number]
        changed, after = pasted(latents, parts, example, rng)
        things = {part.name: area for part, area in zip(example.parts, example.areas, strict=True) if part.group >= 0}
        if after is parts:
            continue
        new = after[-1]
        whole = [area for name, area in things.items() if name == names()[new.name]]
        assert any(new.cells.sum() == pytest.approx(area.sum(), rel=0.1) for area in whole)
        assert np.array_equal(changed[:, new.cells == 0], latents[:, new.cells == 0])
        assert not np.array_equal(changed[:, new.cells > 0.5], latents[:, new.cells > 0.5])
        assert all((part.cells + new.cells <= 1 + 1e-5).all() for part in after[:-1])
        return
    pytest.fail("nothing was pasted")


def test_windows_come_from_each_store_as_often(made: Path):
    store = ShardStore(made / "shards")

    class Empty(ShardStore):
        def __init__(self):
            pass

        def __len__(self):
            return 1000

        def __getitem__(self, index):
            return replace(store[0], parts=[], areas=store[0].areas[:0], extents=store[0].extents[:0])

    _, parts = Windows([store, Empty()], seed=0)(200, SIDE)
    assert 0.15 < np.mean([not any(each) for each in parts]) < 0.6


def test_spoilt_latents_are_like_what_they_were():
    generator = torch.Generator().manual_seed(0)
    latents = torch.randn(64, 32, 4, 4, generator=generator)
    spoilt = spoiled(latents, generator)
    apart = (spoilt - latents).square().mean((1, 2, 3)).sqrt()
    assert float(apart.min()) > 0.05 and float(apart.max()) < 0.5


def test_right_answers_cost_less_in_cells_and_in_parts():
    cells = np.zeros((2, 4, 4), np.float32)
    cells[0, :2], cells[1, 2:] = 1, 1
    parts = [[Seen(name=0, cells=cells[0]), Seen(name=2, cells=cells[1])]]
    good = torch.zeros(1, 3, 4, 4)
    good[0, 0, :2], good[0, 2, 2:] = 5, 5
    for found, share in ((good, 1.0), (good.flip(1), 0.0)):
        by_cell, by_part, right = losses(found, parts)
        assert right == share and (float(by_cell) < 0.1) is (share == 1) and (float(by_part) < 0.1) is (share == 1)


def test_the_temperature_makes_probabilities_true():
    torch.manual_seed(0)
    truth = torch.randint(5, (4000,))
    told = torch.nn.functional.one_hot(torch.where(torch.rand(4000) < 0.7, truth, torch.randint(5, (4000,))), 5)
    sure = 12.0 * told
    temperature = best_temperature(sure, truth)
    right = (sure.argmax(1) == truth).numpy()
    before, after = (calibration_error((sure / t).softmax(1).amax(1).numpy(), right) for t in (1.0, temperature))
    assert before > 0.2 and after < 0.03


@pytest.mark.usefixtures("a_second_a_step")
def test_a_few_steps_write_what_can_be_loaded(data: Path, made: Path, tmp_path: Path):
    settings = {"device": CPU, "batch": 2, "side": 8, "judged": 1}
    folders = data, made / "vae", made / "shards", tmp_path
    train(*folders, minutes=2 / 60, resume=False, **settings)
    train(*folders, minutes=3 / 60, resume=True, crowds=made / "shards", **settings)
    model = load(tmp_path / "recogniser.safetensors", made / "vae")
    last = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])
    assert model.names == tuple(names()) and model.other_words["kitten"] == "cat" and last["step"] == 3
    assert 0 <= last["stuff"] <= 1 and 0.2 <= float(model.temperature) <= 5
    again = train(
        *folders[:3], tmp_path / "again", minutes=0, resume=False, begin=tmp_path / "recogniser.safetensors", **settings
    )
    assert all(
        torch.equal(own, model.state_dict()[name])
        for name, own in again.state_dict().items()
        if "temperature" not in name
    )
