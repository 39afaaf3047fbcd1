"""An adapter for instructions: the pairs it learns from, its training and resuming, and the file that pictures use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.errors import BadRequest
from engine.models.families import inspect
from engine.models.library import Library
from engine.sampling.schedule import NoiseSchedule
from engine.teaching.accelerator import new_accelerator
from engine.training import instruct
from engine.training.instructing.adapter import thinned, write_adapter
from engine.training.instructing.examples import Pairs, read_pairs
from engine.training.instructing.pairs import PairMaker, make_pairs
from engine.training.instructing.trainer import InstructPlan, InstructTrainer
from engine.training.painted_attention import new_scheduler
from tests.tiny import save_tiny, tiny_unet
from tests.tiny_instruct import save_instruct

NOISE = NoiseSchedule(new_scheduler().config)


class Read(nn.Module):
    """Stands for the starter's encoders: a text is its length."""

    def forward(self, inputs: Any) -> tuple[Tensor, Tensor]:
        rows = torch.tensor([len(text) / 10 for text in inputs.prompts])
        return rows[:, None, None].expand(-1, 6, 32).clone(), torch.zeros(len(rows), 6)

    def places(self, _text: str, _span: tuple[int, int]) -> list[int]:
        return [2]


def pairs(count: int = 6) -> Pairs:
    rng = torch.Generator().manual_seed(1)
    source = torch.randn(count, 4, 16, 16, generator=rng)
    area = torch.zeros(count, 16, 16)
    area[:, :8] = 1.0
    texts = [f"make it {'x' * number}" for number in range(count)]
    return Pairs(source=source, target=-source, area=area, texts=texts, spans=[(0, 4)] * count, kinds=["night"] * count)


def trainer(**plan: Any) -> InstructTrainer:
    asked = InstructPlan(**{"rank": 2, "batch": 4, "rate": 3e-3, "steps": 3, **plan})
    accelerator = new_accelerator(torch.device("cpu"))
    return InstructTrainer(tiny_unet(), NOISE, Read(), pairs(), asked, accelerator=accelerator, settings={})  # type: ignore[arg-type]


def test_it_learns_the_same_in_one_go_and_resumed(tmp_path):
    whole, first, second = trainer(), trainer(), trainer()
    whole.train(tmp_path / "whole", resume=False)

    class Broken(Exception):
        pass

    steps = iter(range(3))
    loss = first.loss

    def stops(rng: np.random.Generator) -> Tensor:
        if next(steps) == 2:
            raise Broken
        return loss(rng)

    first.loss, first.plan.__dict__["every"] = stops, -1.0  # type: ignore[method-assign]
    with pytest.raises(Broken):
        first.train(tmp_path / "parts", resume=False)
    second.train(tmp_path / "parts", resume=True)
    for one, other in zip(whole.trained.parameters(), second.trained.parameters(), strict=True):
        assert torch.equal(one, other)
    start = trainer().trained.state_dict()
    assert not torch.equal(whole.trained.extra, start["extra"])


def test_what_is_written_makes_the_model_follow_instructions(tmp_path):
    learnt = trainer(steps=2)
    learnt.train(tmp_path / "work", resume=False)
    folder = save_tiny(tmp_path / "tiny", prediction="v_prediction")
    write_adapter(learnt.trained, folder / "instruct", model="tiny")
    library = Library(tmp_path)
    assert library.inspect(folder).instructs
    loading = library.loading(folder, "cpu", part="instruct")
    try:
        while True:
            next(loading)
    except StopIteration as done:
        unet = done.value.unet
    x, text = torch.randn(1, 8, 16, 16), torch.randn(1, 6, 32)
    with torch.no_grad():
        ours = learnt.adapter.network(x, 500, text).sample
        theirs = unet(x, 500, text).sample
    assert torch.allclose(ours, theirs, atol=5e-3), float((ours - theirs).abs().max())
    down, up = torch.randn(2, 6, 3, 3), torch.randn(5, 2, 1, 1)
    up[:, 1], down[1] = up[:, 0], down[0]  # one direction in two
    thin = thinned(down, up, 1e-3)
    assert thin is not None and thin[0].shape == (1, 6, 3, 3) and thin[1].shape == (5, 1, 1, 1)
    assert torch.allclose(thin[1].flatten(1) @ thin[0].flatten(1), up.flatten(1) @ down.flatten(1), atol=1e-4)
    with pytest.raises(BadRequest):
        write_adapter(learnt.trained, folder / "instruct", model="tiny", least=1e6)


def test_pairs_are_made_in_shards_and_read_again(tmp_path, monkeypatch):
    folder = save_tiny(tmp_path / "tiny", factor=16, prediction="v_prediction")
    monkeypatch.setattr(PairMaker, "_followed", lambda *_: True)
    maker = PairMaker(inspect(folder), Library(tmp_path), None, size=1, each=1, steps=1, drawn=2)  # type: ignore[arg-type]
    assert list(make_pairs(maker, tmp_path / "pairs", 1)) == [0]
    found = read_pairs(tmp_path / "pairs")
    assert len(found) == 4 and found.source.shape == found.target.shape == (4, 4, 16, 16), "two of them are mirrored"
    assert all(text.startswith(("make", "turn")) for text in found.texts) and 0 < float(found.area.max()) <= 1
    outside = found.area == 0
    assert outside.any()
    monkeypatch.setattr(PairMaker, "shard", lambda *_: pytest.fail("it is there"))
    assert list(make_pairs(maker, tmp_path / "pairs", 1)) == [0]


@pytest.mark.parametrize(
    ("more", "says", "code"),
    [
        (("--rank", "0"), "above 0", 2),
        (("--drawn", "-1"), "0 or more", 2),
        ((), "not a starter", 1),
    ],
)
def test_wrong_arguments_are_told(tmp_path, capsys, more, says, code):
    folder = save_tiny(tmp_path / "tiny")
    assert instruct.main(["--from", str(folder), "--out", str(tmp_path / "out"), *more]) == code
    assert says in capsys.readouterr().err


def test_a_model_that_follows_instructions_is_told(tmp_path: Path, capsys):
    folder = save_instruct(tmp_path / "told")
    assert instruct.main(["--from", str(folder), "--out", str(tmp_path / "out")]) == 1
    assert "already" in capsys.readouterr().err
