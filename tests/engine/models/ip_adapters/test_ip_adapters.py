"""Style pictures through an IP-Adapter: equal to the stock pipelines without paint, and the paint acts all the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline
from diffusers.image_processor import IPAdapterMaskProcessor
from PIL import Image

from engine import ExpertChoice, Library, PaintedWord, StyleReference, find_span, generate
from engine.attention.heatmaps import as_painted
from engine.errors import UnsupportedModel
from engine.protocol import Failed, ImageReady, Preview
from tests.tiny import tiny_unet
from tests.tiny_ip_adapters import save_encoder, save_ip_adapter
from tests.tiny_sdxl import save_refiner, save_sdxl, tiny_sdxl_unet

PROMPT = "a lake and sky"
SIZE = (128, 64)
ASKED = {"width": SIZE[0], "height": SIZE[1], "steps": 4, "guidance": 5.0, "seed": 3, "negative": "sky"}
FOLDERS = ("sd", "sd-plus", "xl", "xl-plus")


@pytest.fixture(scope="module")
def xl_folder(tmp_path_factory):
    return save_sdxl(tmp_path_factory.mktemp("xl") / "xl")


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    """A library with one IP-Adapter beside its models folder, for each kind of them."""
    made = {}
    for kind in FOLDERS:
        home = tmp_path_factory.mktemp(kind)
        unet = tiny_unet() if kind.startswith("sd") else tiny_sdxl_unet(width=64, ids=6, seed=2)
        name = f"ip-adapter{'-plus' if 'plus' in kind else ''}_{kind[:2]}.safetensors"
        save_ip_adapter(home / "ipadapter" / name, unet, plus="plus" in kind)
        save_encoder(home / "ipadapter" / "image_encoder")
        made[kind] = Library(home / "models")
    return made


@pytest.fixture
def model(tiny_sd_folder, xl_folder):
    return {"sd": tiny_sd_folder, "xl": xl_folder}


@pytest.fixture(scope="module")
def looks():
    """Two pictures, neither square nor of the encoder's size."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (2, 4, 7, 3)).astype(np.uint8)
    return [np.asarray(Image.fromarray(each).resize((70, 41), Image.Resampling.BICUBIC)) for each in small]


def events_of(request, library):
    events = list(generate(request, library=library))
    failed = [event.error for event in events if isinstance(event, Failed)]
    assert not failed, (failed, failed[0].details)
    return events


def pictures(events):
    return [event.rgb for event in events if isinstance(event, ImageReady)]


def ours(request, library):
    """The latents of a request's pictures."""
    family, seen = library.load(request.model, "cpu"), []
    original = family.decode
    family.decode = lambda latents: seen.append(latents.clone()) or original(latents)
    try:
        events_of(request, library)
    finally:
        del family.decode
    return torch.cat(seen)


def stock(kind, library, folder, looks, *, scale, masks=None):
    pipe = StableDiffusionPipeline if kind.startswith("sd") else StableDiffusionXLPipeline
    pipeline = pipe.from_pretrained(folder, local_files_only=True)
    scheduler = DDIMScheduler if kind.startswith("sd") else EulerDiscreteScheduler
    pipeline.scheduler = scheduler.from_config(pipeline.scheduler.config)
    pipeline.set_progress_bar_config(disable=True)
    place = library.folder.parent / "ipadapter"
    (file,) = place.glob("*.safetensors")
    pipeline.load_ip_adapter(place, subfolder="", weight_name=file.name, image_encoder_folder="image_encoder")
    pipeline.set_ip_adapter_scale([scale] if isinstance(scale, list) else scale)
    more = {}
    if masks is not None:
        prepared = IPAdapterMaskProcessor().preprocess(masks, height=SIZE[1], width=SIZE[0])
        more["cross_attention_kwargs"] = {
            "ip_adapter_masks": [prepared.reshape(1, prepared.shape[0], prepared.shape[2], prepared.shape[3])]
        }
    with torch.no_grad():
        return pipeline(
            prompt=PROMPT,
            negative_prompt="sky",
            width=SIZE[0],
            height=SIZE[1],
            num_inference_steps=4,
            guidance_scale=5.0,
            generator=torch.Generator().manual_seed(3),
            ip_adapter_image=[[Image.fromarray(each) for each in looks]],
            output_type="latent",
            **more,
        ).images


def sampler(kind):
    return "ddim" if kind.startswith("sd") else "euler"


def half(left):
    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    mask[:, : SIZE[0] // 2] = 255
    return mask if left else 255 - mask


@pytest.mark.parametrize("kind", FOLDERS)
def test_without_paint_it_is_the_stock_pipeline(ask, libraries, model, looks, kind):
    folder, library = model[kind[:2]], libraries[kind]
    asked = ask(sampler=sampler(kind), **ASKED, model=str(folder))
    expected = stock(kind, library, folder, looks[:1], scale=0.8)
    found = ours(asked.replace(styles=(StyleReference(rgb=looks[0], strength=0.8),)), library)
    assert (found - expected).abs().max() < 1e-4
    assert (found - ours(asked, library)).abs().max() > 1e-2


@pytest.mark.parametrize("kind", FOLDERS)
def test_in_an_area_it_is_the_stock_pipelines_mask(ask, libraries, model, looks, kind):
    folder, library = model[kind[:2]], libraries[kind]
    masks = [Image.fromarray(half(True)), Image.fromarray(half(False))]
    expected = stock(kind, library, folder, looks, scale=[0.9, 0.5], masks=masks)
    styles = (
        StyleReference(rgb=looks[0], strength=0.9, mask=half(True)),
        StyleReference(rgb=looks[1], strength=0.5, mask=half(False)),
    )
    found = ours(ask(sampler=sampler(kind), styles=styles, **ASKED, model=str(folder)), library)
    assert (found - expected).abs().max() < 1e-4


@pytest.mark.parametrize("kind", ["sd", "xl-plus"])
def test_several_pictures_share_the_attention_as_in_the_stock_pipeline(ask, libraries, model, looks, kind):
    folder, library = model[kind[:2]], libraries[kind]
    expected = stock(kind, library, folder, looks, scale=0.7)
    styles = tuple(StyleReference(rgb=each, strength=0.7) for each in looks)
    asked = ask(sampler=sampler(kind), styles=styles, **ASKED, model=str(folder))
    assert (ours(asked, library) - expected).abs().max() < 1e-4
    less = (styles[0], StyleReference(rgb=looks[1], strength=0.001))
    alone = ours(asked.replace(styles=styles[:1]), library)
    assert (ours(asked.replace(styles=less), library) - alone).abs().max() < 1e-2


def test_strength_0_is_the_run_without_it_to_the_bit(ask, libraries, looks):
    library = libraries["sd"]
    plain = pictures(events_of(ask(**ASKED), library))
    none = StyleReference(rgb=looks[0], strength=0.0)
    assert np.array_equal(pictures(events_of(ask(styles=(none,), **ASKED), library)), plain)
    nowhere = StyleReference(rgb=looks[0], mask=np.zeros((SIZE[1], SIZE[0]), np.uint8))
    assert np.array_equal(pictures(events_of(ask(styles=(nowhere,), **ASKED), library)), plain)
    full = StyleReference(rgb=looks[0], strength=1.0)
    assert not np.array_equal(pictures(events_of(ask(styles=(full,), **ASKED), library)), plain)
    assert np.array_equal(pictures(events_of(ask(**ASKED), library)), plain)


def painted(top):
    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    mask[: SIZE[1] // 2] = 255
    return (PaintedWord(span=find_span(PROMPT, "lake"), mask=mask if top else 255 - mask),)


@pytest.mark.parametrize("memory", ["auto", "halves"])
def test_paint_moves_the_word_beside_a_style(ask, libraries, looks, memory):
    from dataclasses import replace

    library, style = libraries["sd-plus"], StyleReference(rgb=looks[0])
    family = library.load(ask().model, "cpu")
    before = family.way
    if memory == "halves":
        family.way = replace(before, sequential=True)
    try:
        shares = []
        for weight in (0.0, 2.0):
            for top in (True, False):
                asked = ask(words=painted(top), styles=(style,), paint_weight=weight, fidelity=0.0, **ASKED)
                with as_painted():
                    events = events_of(asked.replace(watched=(find_span(PROMPT, "lake"),)), library)
                maps = next(event.heatmaps for event in events if isinstance(event, ImageReady))[0]
                shares.append(float(maps[: len(maps) // 2].sum() / maps.sum()))
    finally:
        family.way = before
    same_top, same_bottom, top, bottom = shares
    assert same_top == pytest.approx(same_bottom, abs=1e-6)
    assert top > same_top + 0.02 and bottom < same_top - 0.02
    assert any(isinstance(event, Preview) for event in events)


def test_halves_one_after_the_other_give_the_same(ask, libraries, looks):
    from dataclasses import replace

    library = libraries["sd-plus"]
    family = library.load(ask().model, "cpu")
    before, found = family.way, []
    asked = ask(words=painted(True), styles=(StyleReference(rgb=looks[0], mask=half(True)),), fidelity=0.0, **ASKED)
    for sequential in (False, True):
        family.way = replace(before, sequential=sequential)
        try:
            found.append(ours(asked, library))
        finally:
            family.way = before
    assert (found[0] - found[1]).abs().max() < 1e-4


def test_gradient_steps_see_the_style(ask, libraries, looks):
    library, style = libraries["sd"], StyleReference(rgb=looks[0], strength=2.0)
    steered = [
        ours(ask(words=painted(True), fidelity=1.0, paint_weight=1.0, styles=each, **ASKED), library)
        for each in ((), (style,))
    ]
    assert not torch.equal(*steered)


def test_a_batch_is_its_single_pictures(ask, libraries, looks):
    library = libraries["sd"]
    styles = (StyleReference(rgb=looks[0], mask=half(True)), StyleReference(rgb=looks[1], strength=0.5))
    together = pictures(events_of(ask(styles=styles, count=2, batch=2, words=painted(True), **ASKED), library))
    for number, found in enumerate(together):
        asked = {**ASKED, "seed": ASKED["seed"] + number}
        (single,) = pictures(events_of(ask(styles=styles, words=painted(True), **asked), library))
        assert np.abs(found.astype(int) - single).max() <= 1


def test_meaning_and_manner_change_what_is_taken(ask, libraries, looks):
    for kind in ("sd", "sd-plus"):
        found = [
            ours(ask(styles=(StyleReference(rgb=looks[0], semantic=amount),), **ASKED), libraries[kind])
            for amount in (0.0, 0.8, -0.8)
        ]
        assert not torch.equal(found[0], found[1]) and not torch.equal(found[1], found[2])


def test_a_picture_is_read_once(ask, libraries, looks, monkeypatch):
    from engine.models.ip_adapters import loading

    library, read = libraries["sd"], []
    library.styles.clear()
    stock_states = loading.states_of
    monkeypatch.setattr(loading, "states_of", lambda *a, **k: read.append(1) or stock_states(*a, **k))
    for strength in (1.0, 0.5):
        events_of(ask(styles=(StyleReference(rgb=looks[0], strength=strength),), **ASKED), library)
    assert len(read) == 1
    library.release()
    assert not library.styles


def test_a_refiner_goes_on_without_the_style(ask, libraries, xl_folder, tmp_path, looks):
    refiner = save_refiner(tmp_path / "refiner")
    experts = (
        ExpertChoice(name="base", low=1.0),
        ExpertChoice(name="refiner", model=str(refiner), high=1.0),
    )
    asked = ask(sampler="euler", experts=experts, **ASKED, model=str(xl_folder))
    plain = ours(asked, libraries["xl"])
    assert not torch.equal(ours(asked.replace(styles=(StyleReference(rgb=looks[0]),)), libraries["xl"]), plain)


def test_an_adapter_for_other_layers_is_refused(ask, tmp_path, looks):
    save_ip_adapter(tmp_path / "ip_adapters" / "ip-adapter.safetensors", tiny_sdxl_unet(width=32, ids=6, seed=2))
    save_encoder(tmp_path / "ip_adapters" / "image_encoder")
    asked = ask(styles=(StyleReference(rgb=looks[0]),), **ASKED)
    last = list(generate(asked, library=Library(tmp_path / "models")))[-1]
    assert isinstance(last, Failed) and isinstance(last.error, UnsupportedModel)
    assert '"ip-adapter" does not fit' in last.error.message
