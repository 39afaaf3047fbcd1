"""Moods: means of liked and usual pictures, a file of which nothing is believed, a direction among style tokens."""

from __future__ import annotations

import threading
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from engine import Library, StyleReference, generate
from engine.errors import BadReference, BadRequest, EngineError, UnsupportedModel
from engine.protocol import Failed, GenerateRequest, ImageReady
from engine.taste.encoders import LookReader, encoder_of
from engine.taste.making import MoodCancelled, make_mood, pictures_in
from engine.taste.mood import find_mood, list_moods, moods_folder, read_mood, write_mood
from tests.tiny import tiny_unet
from tests.tiny_ip_adapters import save_encoder, save_ip_adapter

ASKED = {"id": "1", "prompt": "a lake and sky", "width": 64, "height": 64, "steps": 3, "guidance": 5.0, "seed": 3}


@pytest.fixture(scope="module")
def looks():
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (6, 4, 7, 3)).astype(np.uint8)
    return [np.asarray(Image.fromarray(each).resize((70, 41), Image.Resampling.BICUBIC)) for each in small]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return Library(tmp_path_factory.mktemp("home") / "models")


@pytest.fixture(scope="module")
def adapted(tmp_path_factory):
    """Libraries with a plain and with a plus IP-Adapter."""
    made = {}
    for plus in (False, True):
        home = tmp_path_factory.mktemp(f"plus-{plus}")
        save_ip_adapter(home / "ipadapter" / "ip-adapter_sd15.safetensors", tiny_unet(), plus=plus)
        save_encoder(home / "ipadapter" / "image_encoder")
        made[plus] = Library(home / "models")
    return made


def picture(library, model, **more):
    request = GenerateRequest.of(**{**ASKED, "model": str(model), "device": "cpu", **more})
    events = list(generate(request, library=library))
    failed = [event.error for event in events if isinstance(event, Failed)]
    if failed:
        raise failed[0]
    return next(event.rgb for event in events if isinstance(event, ImageReady))


def kept(name, liked, usual, library, model, **more):
    mood = make_mood(name, liked, usual, model=str(model), library=library, device="cpu", **more)
    write_mood(mood, moods_folder(library.folder))
    return mood


def test_a_mood_is_the_liked_mean_less_the_usual_one_and_is_read_back(conditioned_folder, library, looks):
    mood = kept("dusk", looks[:2], looks[2:5], library, conditioned_folder)
    reader = LookReader(encoder_of(library.inspect(str(conditioned_folder)), library), "cpu")
    read = torch.stack([reader.read(rgb) for rgb in looks])
    assert torch.allclose(mood.liked, read[:2].mean(0), atol=1e-5) and mood.counts == (2, 3)
    assert torch.allclose(mood.usual, read[2:5].mean(0), atol=1e-5)
    assert torch.allclose(mood.tokens(0.5)[0], (mood.liked + mood.usual) / 2, atol=1e-5)
    again = read_mood(find_mood("dusk", moods_folder(library.folder)))
    assert (again.name, again.encoder, again.counts) == ("dusk", mood.encoder, (2, 3))
    assert torch.allclose(again.liked, mood.liked, rtol=1e-3, atol=1e-2)
    assert list_moods(moods_folder(library.folder)) == ["dusk"]


def test_without_others_it_is_compared_with_the_references_that_ship(conditioned_folder, library, looks):
    assert kept("alone", looks[:1], (), library, conditioned_folder).counts == (1, 6)


def test_at_1_a_mood_of_one_picture_is_that_picture_as_a_style(conditioned_folder, library, looks):
    kept("one", looks[:1], looks[2:4], library, conditioned_folder)
    styled = picture(library, conditioned_folder, styles=(StyleReference(rgb=looks[0]),))
    mooded = picture(library, conditioned_folder, mood="one")
    plain = picture(library, conditioned_folder)
    near, far = (np.abs(each.astype(int) - mooded).mean() for each in (styled, plain))
    assert near < 1 < far
    assert np.array_equal(picture(library, conditioned_folder, mood="one", mood_weight=0.0), plain)


def test_below_0_guidance_leads_away_and_without_guidance_nothing_happens(conditioned_folder, library, looks):
    kept("away", looks[:2], looks[2:4], library, conditioned_folder)
    pictures = [picture(library, conditioned_folder, mood="away", mood_weight=w) for w in (-1.0, -0.3, 1.0)]
    assert all(not np.array_equal(one, other) for one, other in pairwise(pictures))
    free = {"guidance": 1.0}
    plain = picture(library, conditioned_folder, **free)
    led = picture(library, conditioned_folder, mood="away", mood_weight=-1.0, **free)
    assert np.abs(led.astype(int) - plain).max() <= 1


@pytest.mark.parametrize("plus", [False, True])
def test_models_with_an_ip_adapter_take_it_through_that(tiny_sd_folder, adapted, looks, plus):
    library = adapted[plus]
    kept("one", looks[:1], looks[2:4], library, tiny_sd_folder)
    styled = picture(library, tiny_sd_folder, styles=(StyleReference(rgb=looks[0]),))
    mooded = picture(library, tiny_sd_folder, mood="one")
    away = picture(library, tiny_sd_folder, mood="one", mood_weight=-1.0)
    plain = picture(library, tiny_sd_folder)
    near, far, back = (np.abs(each.astype(int) - mooded).mean() for each in (styled, plain, away))
    assert near < 1 < far and back > 1
    both = picture(library, tiny_sd_folder, mood="one", styles=(StyleReference(rgb=looks[1]),))
    assert not np.array_equal(both, mooded)


def test_it_is_said_why_a_mood_cannot_act(conditioned_folder, tiny_sd_folder, library, adapted, looks):
    mood = kept("other", looks[:1], looks[2:4], library, conditioned_folder)
    with pytest.raises(UnsupportedModel):
        picture(library, tiny_sd_folder, mood="other")  # no image encoder, and no IP-Adapter
    write_mood(mood, moods_folder(adapted[True].folder))
    with pytest.raises(BadReference, match="another image encoder") as wrong:
        picture(adapted[True], tiny_sd_folder, mood="other")
    assert "wordbrush mood" in wrong.value.hint
    with pytest.raises(BadReference, match='no mood "gone"') as gone:
        picture(library, conditioned_folder, mood="gone")
    assert "other" in gone.value.hint
    with pytest.raises(BadRequest, match="strength of the mood"):
        picture(library, conditioned_folder, mood="other", mood_weight=1.5)


def test_what_cannot_be_made_is_refused(conditioned_folder, library, looks, tmp_path):
    how = {"model": str(conditioned_folder), "library": library, "device": "cpu"}
    for name in ("", "a/b", "..", "x" * 90):
        with pytest.raises(BadRequest, match="name of a mood"):
            make_mood(name, looks[:1], **how)
    with pytest.raises(BadRequest, match="no pictures"):
        make_mood("x", [], **how)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(BadReference, match=r"broken\.png"):
        make_mood("x", [broken], looks[:1], **how)
    with pytest.raises(BadReference, match="compare with"):
        make_mood("x", looks[:1], [broken], **how)
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(MoodCancelled):
        make_mood("x", looks[:1], cancel=stopped, **how)
    with pytest.raises(BadRequest, match="no file"):
        pictures_in([tmp_path / "gone.png"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadRequest, match="no pictures"):
        pictures_in([tmp_path / "empty"])
    assert pictures_in([tmp_path]) == [broken]


def test_of_a_file_nothing_is_believed(conditioned_folder, library, looks, tmp_path):
    good = write_mood(
        make_mood("good", looks[:1], looks[2:4], model=str(conditioned_folder), library=library), tmp_path
    )
    data, tensors = good.read_bytes(), load_file(good)
    about = {"kind": "wordbrush.mood", "version": "1", "encoder": "e", "liked": "1", "usual": "1"}
    wrong = {
        "cut": data[: len(data) // 2], "text": b"hello",
        "foreign": (tensors, {}), "newer": (tensors, {**about, "version": "2"}), "bare": ({}, about),
        "shapes": ({**tensors, "usual": torch.zeros(2, 3)}, about), "counts": (tensors, {**about, "liked": "many"}),
        "nan": ({**tensors, "liked": tensors["liked"] * torch.nan}, about),
    }  # fmt: skip
    for name, what in wrong.items():
        path = tmp_path / f"{name}.safetensors"
        path.write_bytes(what) if isinstance(what, bytes) else save_file(what[0], path, metadata=what[1])
        with pytest.raises(BadReference) as error:
            read_mood(path)
        assert error.value.hint and error.value.message
    assert set(list_moods(tmp_path)) == {"good", "newer", "bare", "shapes", "counts", "nan"}


def test_a_folder_that_cannot_be_written_is_said_plainly(conditioned_folder, library, looks, tmp_path):
    (tmp_path / "moods").write_text("in the way")
    mood = make_mood("x", looks[:1], looks[2:4], model=str(conditioned_folder), library=library)
    with pytest.raises(EngineError, match="cannot be written"):
        write_mood(mood, tmp_path / "moods")
