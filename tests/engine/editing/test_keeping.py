"""Prompt-to-Prompt's maps against the paper's formulas, and how two prompts' words and tokens go together."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.attention.processor import PaintAttention
from engine.editing.aligning import TokenMap, pair_words, token_map
from engine.editing.area import EditedArea, attended
from engine.editing.keeping import Handover, LaneControl, prepare
from engine.protocol import GenerateRequest, PaintedWord, PromptEdit, WordWeight
from engine.text.conditioning import Conditioning
from engine.text.spans import find_span, tokenize
from tests.tiny import tiny_tokenizer, tiny_unet

MASK = np.zeros((64, 64), np.uint8)
MASK[:, :32] = 255


def words_of(text: str, spans) -> list[str]:
    return [text[slice(*span)] for span in spans]


@pytest.mark.parametrize(
    ("source", "edited", "swapped", "added", "removed"),
    [
        ("a cat, on grass", "a big dog on Grass", [("cat,", "big dog")], [], []),
        ("a cat on grass", "a red cat on grass at night", [], ["red", "at night"], []),
        ("a cat with a hat", "a cat", [], [], ["with a hat"]),
        ("a cat, grass", "a cat. grass!", [], [], []),
        ("湖と山", "湖と空", [("山", "空")], [], []),
    ],
)
def test_words_go_together(source, edited, swapped, added, removed):
    pairs = pair_words(source, edited)
    assert [(source[slice(*old)], edited[slice(*new)]) for old, new in pairs.swapped] == swapped
    assert (words_of(edited, pairs.added), words_of(source, pairs.removed)) == (added, removed)
    assert all(source[slice(*old)].casefold() == edited[slice(*new)].casefold() for old, new in pairs.kept)


def conditioning(text: str) -> Conditioning:
    tokenized = tokenize(tiny_tokenizer(), text)
    return Conditioning(rows=torch.zeros(2, len(tokenized.offsets), 32), texts=((0, tokenized),))


def mapped(source: str, edited: str, words=(), before=(), weights=()) -> tuple[TokenMap, Conditioning, Conditioning]:
    request = GenerateRequest.of(id="r", prompt=edited, words=words)
    both = conditioning(source), conditioning(edited)
    return token_map(*both, request, PromptEdit(prompt=source, words=before, weights=weights)), *both


def test_tokens_go_together_as_in_the_official_mapper():
    tokens, source, edited = mapped("a lake and sky", "a red mountain and sky")
    old, new = source.positions((2, 6)), edited.positions((2, 14))
    assert len(old) != len(new)
    assert np.allclose(tokens.mapper[np.ix_(old, new)], 1 / len(new)), "each an equal part"
    for word in ("and", "sky"):
        places = [
            each.positions(find_span(text, word))
            for each, text in zip((source, edited), ("a lake and sky", "a red mountain and sky"), strict=True)
        ]
        assert np.array_equal(tokens.mapper[np.ix_(*places)], np.eye(len(places[0])))
    ends = [each.positions((0, len(each.texts[0][1].prompt)))[-1] + 1 for each in (source, edited)]
    assert tokens.mapper[0, 0] == 1 and tokens.mapper[ends[0], ends[1]] == 1, "beginning and end"
    assert tokens.taken.sum() == np.count_nonzero(tokens.mapper.sum(axis=0)) and set(tokens.weight) == {1.0}


def test_what_is_new_or_painted_otherwise_has_its_own_attention():
    source, edited = "a lake and sky", "a lake and red sky"
    words = (PaintedWord(span=find_span(edited, "lake"), mask=MASK),)
    tokens, _, new = mapped(source, edited, words, weights=(WordWeight(span=find_span(edited, "sky"), weight=2.0),))
    assert not tokens.taken[list(new.positions(find_span(edited, "red")))].any()
    assert not tokens.taken[list(new.positions(find_span(edited, "lake")))].any(), "it was not painted before"
    assert set(tokens.weight[list(new.positions(find_span(edited, "sky")))]) == {2.0}
    before = (PaintedWord(span=find_span(source, "lake"), mask=MASK.copy()),)
    assert mapped(source, edited, words, before)[0].taken[list(new.positions(find_span(edited, "lake")))].all()


def test_the_area_is_the_paint_of_what_differs_or_its_attention():
    source, edited = "a lake and sky and tree", "a house and red sky and tree"
    request = GenerateRequest.of(
        id="r", prompt=edited, width=64, height=64, words=(PaintedWord(span=find_span(edited, "house"), mask=MASK),)
    )
    area = EditedArea.of(request, PromptEdit(prompt=source))
    assert words_of(edited, area.edited) == ["red"] and not area.source, (
        "the lake's place is where the house is painted"
    )
    assert np.array_equal(area.painted((8, 8)), (MASK[::8, ::8] > 0).astype(np.float32))
    cells = np.zeros((8, 8), np.float32)
    cells[7, 7] = 0.25
    shown = area.shown(cells, (64, 64))
    assert (shown[MASK > 0] == 1).all() and (shown[56:, 56:] == 1).all(), "paint, and cells where words draw attention"
    assert shown[60, 55] == pytest.approx(8 / 9) and shown[60, 48] == pytest.approx(1 / 9) and shown[60, 46] == 0
    painted = EditedArea((MASK,), (), (), False).shown(cells, (64, 64))
    assert painted[60, 60] == 0 and not EditedArea((), (), (), False).shown(cells, (64, 64)).any()
    same = GenerateRequest.of(id="r", prompt=source, width=64, height=64)
    assert EditedArea.of(same, PromptEdit(prompt=source)).masks == ()
    maps = torch.zeros(1, 1, 8, 8)
    maps[0, 0, 2, 2], maps[0, 0, 6, 6] = 1.0, 0.2
    found = attended(maps, 0.5)
    assert found.sum() == 9 and found[0, 0, 1:4, 1:4].all() and attended(maps, 0.1).all()


@pytest.fixture
def unet():
    return tiny_unet().eval()


@pytest.mark.parametrize("law", ["none", "default", "cloneofsimo"])
def test_cross_attention_is_the_papers_mix_of_both_maps(unet, law):
    torch.manual_seed(4)
    tokens, heads, pixels = 8, 4, 256
    hand, lanes = Handover(), []
    contexts = [torch.randn(2, tokens, 32) for _ in range(2)]
    paint = [torch.rand(pixels >> 2 * level, tokens) for level in range(3)]
    mapper = torch.rand(tokens, tokens) * (torch.rand(tokens, tokens) > 0.5)
    taken, weight = torch.tensor([1.0, 1, 0, 0, 1, 1, 0, 1]), torch.tensor([1.0, 2, 3, 1, -1, 1, 1, 1])
    for edited, context in zip((False, True), contexts, strict=True):
        control = LaneControl(unet, hand, edited=edited)
        control.begin(context=context, conditional_rows=(1,), paint=paint, law=law, paint_weight=3.0)
        control.set_step(sigma=5.0, fraction=0.1)
        control.settle(())
        lanes.append(control)
    prepare(hand, lanes[1], TokenMap(mapper.numpy(), taken.numpy(), weight.numpy()))
    path, layer = next((path, each) for path, each in unet.named_modules() if path.endswith("attn2"))
    states = [torch.randn(2, pixels, layer.to_q.in_features) for _ in range(2)]
    maps, alone, found = [], [], []
    with torch.no_grad():
        for opened in (False, True):
            hand.open = hand.cross = opened
            for control, context, hidden in zip(lanes, contexts, states, strict=True):
                control.enter()
                if not opened:  # the map itself: what a layer draws from one token after another
                    keys, values = control._ours[path].kept
                    query = layer.to_q(hidden).unflatten(-1, (heads, -1)).transpose(1, 2)
                    ours, wide = control._ours[path], query.shape[-1]
                    drawn = [
                        PaintAttention._attended(ours, query, keys, part.expand(2, heads, -1, -1))[1]
                        for part in torch.eye(tokens).split(wide, dim=1)
                    ]
                    shares = torch.cat([each.unflatten(-1, (heads, wide)) for each in drawn], dim=-1)
                    maps.append((shares.transpose(0, 1), values[1]))
                (found if opened else alone).append(layer(hidden, encoder_hidden_states=context))
                control.leave()
        source, own = (each for each, _ in maps)
        mixed = weight * (taken * (source @ (mapper * taken)) + (1 - taken) * own)  # arXiv 2208.01626, section 3.2
        expected = layer.to_out[0]((mixed @ maps[1][1]).transpose(0, 1).flatten(1))
    assert torch.equal(found[0], alone[0]), "the source is as it is alone"
    assert torch.equal(found[1][0], alone[1][0]), "nothing is kept without the prompt"
    assert torch.allclose(found[1][1], expected, atol=1e-5) and not torch.allclose(alone[1][1], expected, atol=1e-3)
    assert type(layer.processor).__name__.startswith("AttnProcessor"), "between its turns the network is as it was"


def test_shapes_are_the_sources_map_at_the_edited_values(unet):
    torch.manual_seed(5)
    hand = Handover(open=True, shapes=True)
    lanes = []
    for edited in (False, True):
        lanes.append(LaneControl(unet, hand, edited=edited))
        lanes[-1].begin(context=torch.randn(2, 6, 32), conditional_rows=(1,))
        lanes[-1].settle((0, 1, 2))
    layer = next(each for path, each in unet.named_modules() if path.endswith("attn1"))
    states = [torch.randn(2, 64, layer.to_q.in_features) for _ in range(2)]
    out = []
    with torch.no_grad():
        for control, hidden in zip(lanes, states, strict=True):
            control.enter()
            out.append(layer(hidden))
            control.leave()
        query, keys = (to(states[0][1:]).unflatten(-1, (4, -1)).transpose(1, 2) for to in (layer.to_q, layer.to_k))
        values = layer.to_v(states[1][1:]).unflatten(-1, (4, -1)).transpose(1, 2)
        share = torch.softmax(query @ keys.transpose(-1, -2) * query.shape[-1] ** -0.5, dim=-1)
        expected = layer.to_out[0]((share @ values).transpose(1, 2).flatten(2))
        plain = [layer(hidden) for hidden in states]
    assert torch.equal(out[0], plain[0]) and torch.allclose(out[1][1:], expected, atol=1e-5)
    assert torch.allclose(out[1][:1], plain[1][:1], atol=1e-6), "the half without the prompt is its own"
