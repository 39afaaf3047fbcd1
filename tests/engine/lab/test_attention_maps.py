"""The words of one picture by layer, head and step: against attention computed here, overlaps, pairs, and the files."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from PIL import Image

from engine.lab import attention_maps
from engine.lab.attention_maps import Gatherer, Pair, means_of, overlap, pairs_of, words_of
from engine.lab.attention_sheets import heat
from engine.lab.tables import table
from engine.models.families.base import RunConfig
from engine.protocol import GenerateRequest
from tests.tiny_transformers import save_flux

PROMPT = "a red house, a red tree and a blue house"


@torch.no_grad()
def test_parts_are_the_softmax_of_each_head_and_add_up_to_the_heatmap(tiny_sd_folder, library):
    family = library.load(str(tiny_sd_folder), "cpu")
    context = family.encode(PROMPT, "")
    spans = [(2, 5), (6, 11)]
    naive: dict[str, list[torch.Tensor]] = {}

    def attended(path):
        def look(module, args, kwargs, out):
            query = module.to_q(args[0][1:]).unflatten(-1, (module.heads, -1)).transpose(1, 2)
            key = module.to_k(kwargs["encoder_hidden_states"][1:]).unflatten(-1, (module.heads, -1)).transpose(1, 2)
            shares = torch.softmax(query @ key.transpose(-1, -2) * module.scale, dim=-1)[0]
            words = [shares[..., list(context.positions(span))].sum(-1) for span in spans]
            naive.setdefault(path, []).append(torch.stack(words, dim=1))

        return look

    gatherer = Gatherer(family, 2, (8, 8))
    hooks = [
        family.unet.get_submodule(path).register_forward_hook(attended(path), with_kwargs=True)
        for path in family.control.paths
    ]
    x = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    with gatherer.gathering():
        family.begin(RunConfig(context=context, size=(64, 64), guidance=3.0, watched=spans))
        for sigma in (5.0, 1.0, 0.2):
            family.denoise(x * (1 + sigma), sigma, timestep=400.0, fraction=0.5)
        whole = family.heatmaps().whole((8, 8))[0]
    family.end()
    for hook in hooks:
        hook.remove()
    assert list(gatherer.heads) == list(naive) and len(gatherer.steps) == 3
    for path, maps in gatherer.heads.items():
        torch.testing.assert_close(maps.flatten(2), torch.stack(naive[path]).sum(0), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(gatherer.whole, whole, atol=1e-5, rtol=1e-4)
    family.begin(RunConfig(context=context, size=(64, 64), watched=spans))
    family.denoise(x, 1.0, timestep=400.0, fraction=0.5)  # nobody is told of a run that was begun outside
    family.end()
    assert len(gatherer.steps) == 3


def test_overlaps_are_shares_of_the_dependents_the_heads_and_both_areas():
    head = np.zeros((4, 4))
    head[:2] = 1.0
    dependent = np.zeros((4, 4))
    dependent[1:, 0] = 0.9  # 3 cells, one of them the head's
    dependent[0, 0] = 0.3  # below 0.4 of the range
    assert overlap(dependent, head) == {"iod": 1 / 3, "ioh": 1 / 8, "iou": 1 / 10}
    assert overlap(dependent + 5, head * 7) == overlap(dependent, head)
    assert overlap(np.ones((4, 4)), head) == {"iod": 0.0, "ioh": 0.0, "iou": 0.0}


def test_pairs_are_those_of_phrases_and_of_heads():
    texts = [PROMPT[slice(*span)] for span in words_of(PROMPT)]
    assert texts == ["a", "red", "house", "a", "red", "tree", "a", "blue", "house"]
    pairs = pairs_of(PROMPT)
    assert {pair for pair in pairs if pair.relation == "modifier"} == {
        Pair(1, 2, "modifier"), Pair(4, 5, "modifier"), Pair(7, 8, "modifier")
    }  # fmt: skip
    assert [pair for pair in pairs if pair.relation == "cohyponyms"] == [Pair(2, 8, "cohyponyms")]
    assert Pair(2, 5, "heads") in pairs and Pair(1, 5, "other head") in pairs and Pair(0, 2, "determiner") in pairs
    assert Pair(2, 5, "cohyponyms") in pairs_of(PROMPT, [{"house", "tree"}])
    heads = [pair.relation for pair in pairs_of("a lake under a sunset over grass") if pair.head == 4]
    assert heads == ["cohyponyms", "heads"]
    rows = [{"relation": "heads", "iod": value, "ioh": 0.5, "iou": 0.0} for value in (0.0, 1.0)]
    assert means_of(rows) == [{"relation": "heads", "n": 2, "miod": 0.5, "mioh": 0.5, "miou": 0.0}]


def test_a_run_writes_its_sheets_and_says_each_words_share(ask, library, tmp_path):
    result = attention_maps.run(ask(prompt="a red house and sky", steps=2), plots=tmp_path / "plots", library=library)
    assert json.loads(json.dumps(result))["steps"] == 2 and "mIoD" in table(result)
    assert [word["word"] for word in result["words"]] == ["a", "red", "house", "sky"]
    for word in result["words"]:
        assert len(word["by_step"]) == 2 and len(word["by_layer"]) == result["layers"] > 1
        assert [np.mean(heads) for heads in word["by_head"].values()] == pytest.approx(list(word["by_layer"].values()))
    names = [path.name for path in sorted((tmp_path / "plots").iterdir())]
    assert len(names) == len(result["plots"]) == 9 and "02-red-layers.png" in names and "words.png" in names
    for path in result["plots"]:
        with Image.open(path) as sheet:
            sheet.load()
    assert heat(np.array([[0.0, 0.5]])).tolist() == [[[0, 0, 0], [255, 255, 255]]]


def test_text_and_picture_in_one_sequence_show_their_layers_too(tmp_path, library):
    model = str(save_flux(tmp_path / "flux"))
    asked = {"prompt": "a red house and sky", "model": model, "device": "cpu", "steps": 1, "width": 64, "height": 64}
    result = attention_maps.run(GenerateRequest.of(id="a", **asked), plots=tmp_path / "plots", library=library)
    assert result["layers"] == len(library.load(model, "cpu").control.paths) and result["words"][1]["share"] > 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [([], "--model"), (["--prompt", "a lake"], "--plots"), (["--plots", "here", "--prompt", " "], "prompt")],
)
def test_bad_use(capsys, arguments, says):
    from app.cli.main import main

    assert main(["lab", "attention", *arguments]) == 2 and says in capsys.readouterr().err
