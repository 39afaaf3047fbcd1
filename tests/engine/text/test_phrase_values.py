"""Structured Diffusion Guidance: the values of phrases read alone, against the paper's sum of attentions."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from engine import Finished, GenerateRequest
from engine.errors import UnsupportedModel
from engine.experts.phrases import in_phrases
from engine.models.architectures import architectures
from engine.models.compiling.padding import padded
from engine.models.families.base import RunConfig
from engine.pipeline import generate
from engine.text.phrase_values import with_own_values
from resources.noun_phrases import phrases_of
from tests.tiny_sdxl import save_sdxl

PROMPT = "a red house and a blue house on grass"
RED, BLUE = (0, 11), (16, 28)


@pytest.fixture(scope="module")
def model(conditioned_folder, library):
    return library.load(str(conditioned_folder), "cpu")


def read(model):
    return lambda text: model.encode(text, "")


def denoised(model, context, *, guidance: float = 3.0) -> Tensor:
    model.begin(RunConfig(context=context, size=(64, 64), guidance=guidance))
    x = 5 * torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))
    found = model.denoise(x, 5.0, timestep=700.0, fraction=0.1)
    model.end()
    return found


class PaperAttention:
    """Eq. 6 as it is written: attention by the whole prompt's keys, times each text's values, and the mean of it."""

    def __init__(self, texts: list[Tensor]) -> None:
        self.texts = texts

    def __call__(self, attn, hidden_states, encoder_hidden_states=None, **_):
        def heads(each):
            return each.unflatten(-1, (attn.heads, -1)).transpose(1, 2)

        query, key = heads(attn.to_q(hidden_states)), heads(attn.to_k(encoder_hidden_states))
        shares = torch.softmax(query @ key.transpose(-1, -2) * attn.scale, dim=-1)
        sums = [shares @ heads(attn.to_v(torch.cat([encoder_hidden_states[:1], text]))) for text in self.texts]
        out = sum(sums) / len(sums)
        return attn.to_out[0](out.transpose(1, 2).flatten(2))


def by_hand(model, context, texts: list[Tensor]) -> Tensor:
    """`denoised` by `PaperAttention` on the stock UNet."""
    before = dict(model.unet.attn_processors)
    try:
        model.unet.set_attn_processor(
            {name: PaperAttention(texts) if ".attn2." in name else each for name, each in before.items()}
        )
        x = 5 * torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))
        scaled = model.noise.to_input(x, 5.0)
        with torch.no_grad():
            off, on = model.unet(scaled.repeat(2, 1, 1, 1), 700.0, context.rows).sample.chunk(2)
        return model.noise.to_x0(off + 3.0 * (on - off), scaled, 5.0)
    finally:
        model.unet.set_attn_processor(before)


def replaced(context, own, low: int, high: int) -> Tensor:
    """The prompt's row with a phrase's tokens as in `own`, where it was read alone."""
    row = context.rows[1].clone()
    row[context.positions((low, high)),] = own.rows[
        1,
        own.positions((0, high - low)),
    ]
    return row[None]


def test_the_papers_mean_is_one_set_of_values(model):
    context = model.encode(PROMPT, "", encoders=(("clip", 1.0),))
    alone = {span: model.encode(PROMPT[slice(*span)], "", encoders=(("clip", 1.0),)) for span in (RED, BLUE)}
    texts = [context.rows[1:], *(replaced(context, alone[span], *span) for span in (RED, BLUE))]
    ours = with_own_values(
        context, PROMPT, [RED, BLUE], lambda text: model.encode(text, "", encoders=(("clip", 1.0),)), share=None
    )
    wanted = by_hand(model, context, texts)
    torch.testing.assert_close(denoised(model, ours), wanted, atol=2e-5, rtol=1e-5)
    assert float((wanted - by_hand(model, context, texts[:1])).abs().max()) > 1e-3


def test_with_two_encoders_each_phrase_has_its_own_values_and_the_rest_its_old_ones(model):
    context = model.encode(PROMPT, "")
    assert len(context.texts) == 2
    ours = with_own_values(context, PROMPT, [RED, BLUE], read(model))
    wanted, touched = context.rows[1].clone(), set()
    for low, high in (RED, BLUE):
        alone = read(model)(PROMPT[low:high])
        places, there = context.positions((low, high)), alone.positions((0, high - low))
        assert len(places) == len(there)
        wanted[places,] = alone.rows[
            1,
            there,
        ]
        touched |= set(places)
    assert ours.rows is context.rows and torch.equal(ours.values, wanted)
    kept = [place for place in range(len(wanted)) if place not in touched]
    assert torch.equal(ours.values[kept], context.rows[1, kept])
    changed, stock = denoised(model, ours), denoised(model, context)
    assert float((changed - stock).abs().max()) > 1e-3
    assert torch.equal(denoised(model, dataclasses.replace(context, values=context.rows[1])), stock)
    torch.testing.assert_close(denoised(model, padded(ours)), changed, atol=1e-5, rtol=1e-5)


def test_without_guidance_and_where_nothing_is_a_phrase(model):
    context = model.encode(PROMPT, "")
    ours = with_own_values(context, PROMPT, [BLUE], read(model))
    assert not torch.equal(denoised(model, ours, guidance=1.0), denoised(model, context, guidance=1.0))
    assert with_own_values(context, PROMPT, [], read(model)) is context


def test_both_encoders_of_sdxl(tmp_path, library):
    model = library.load(str(save_sdxl(tmp_path / "xl")), "cpu")
    context = model.encode(PROMPT, "grey")
    ours = with_own_values(context, PROMPT, phrases_of(PROMPT, [BLUE]), read(model))
    places = context.positions(BLUE)
    alone = read(model)(PROMPT[slice(*BLUE)])
    assert torch.equal(
        ours.values[places,],
        alone.rows[
            1,
            alone.positions((0, 12)),
        ],
    )
    assert torch.equal(ours.pooled, context.pooled) and ours.values.shape[-1] == context.rows.shape[-1]


def test_a_request_says_so(conditioned_folder, library):
    asked = {"prompt": PROMPT, "width": 64, "height": 64, "steps": 2, "previews": False, "device": "cpu"}

    def made(**fields):
        request = GenerateRequest.of(id="one", model=str(conditioned_folder), **asked, **fields)
        *_, last = generate(request, library=library)
        assert isinstance(last, Finished)
        return last.images[0].rgb

    off, on = made(), made(structured=True)
    assert (off != on).any() and (on == made(structured=True)).all() and (off == made(structured=False)).all()


def test_where_text_and_picture_read_one_another_it_is_refused():
    facts = SimpleNamespace(name="Mine", structured=architectures()["flux"].can.regions)
    with pytest.raises(UnsupportedModel) as caught:
        in_phrases(SimpleNamespace(facts=facts), None, None, None)
    assert '"Mine"' in caught.value.message and "Switch" in caught.value.hint
