"""The second pass: tiles cover the picture, take the words that lie in them, and are laid together without seams."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import save_file

from engine.errors import BadRequest, ModelNotFound, UnsafeModel, UnsupportedModel
from engine.facts import Defaults, ModelFacts
from engine.protocol import (
    Cancelled,
    Finished,
    GenerateRequest,
    ImageReady,
    Lora,
    PaintedWord,
    Refinement,
    StartPicture,
    Step,
)
from engine.reworking import refining, upscaler_reader, upscaling
from engine.reworking.refining import refined, tiles_of
from engine.reworking.upscaling import check_upscaler, upscaled

RGB = np.kron(np.random.default_rng(3).integers(0, 256, (8, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)


def facts(side: int = 64, multiple: int = 8) -> ModelFacts:
    defaults = Defaults(guidance=7.0, paint_weight=0.4, size=(side, side))
    return ModelFacts(name="m", family="sd", latents="sd", multiple=multiple, defaults=defaults)


def asked(**fields) -> GenerateRequest:
    return GenerateRequest.of(
        id="r", prompt="a lake and sky", width=64, height=64, **{"refine": Refinement(), **fields}
    )


# --- tiles ------------------------------------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(st.integers(2, 60), st.integers(2, 60), st.sampled_from([64, 128, 512]))
def test_tiles_cover_the_picture_and_overlap_by_a_quarter(wide, high, side):
    size = 8 * wide, 8 * high
    boxes = tiles_of(size, facts(side))
    covered = np.zeros((size[1], size[0]), int)
    for left, top, right, bottom in boxes:
        assert right - left == min(side, size[0]) and bottom - top == min(side, size[1])
        covered[top:bottom, left:right] += 1
    assert covered.min() == 1 or covered.min() == len(boxes)
    for places in ({box[0] for box in boxes}, {box[1] for box in boxes}):
        assert all(
            after - before <= side * 0.75 for before, after in zip(sorted(places), sorted(places)[1:], strict=False)
        )


def ran(request: GenerateRequest, change: int = 0) -> tuple[np.ndarray, list[GenerateRequest]]:
    """The second pass with tiles that come back as they went in, a little brighter."""
    tiles = []

    def run(tile: GenerateRequest):
        tiles.append(tile)
        yield Step(request_id="r", index=1, total=1, image=0, sigma=1.0, expert="all", step_ms=1.0)
        rgb = np.clip(tile.start.rgb.astype(int) + change, 0, 255).astype(np.uint8)
        yield ImageReady(request_id="r", image=0, seed=0, rgb=rgb, obedience=(), seen=(), heatmaps=None)

    running = refined(request, RGB, 0, facts(), run)
    events = []
    while True:
        try:
            events.append(next(running))
        except StopIteration as done:
            steps = [(event.index, event.total) for event in events if isinstance(event, Step)]
            assert steps == [(index + 1, len(tiles)) for index in range(len(tiles))]
            return done.value.rgb, tiles


def test_what_no_tile_changes_is_the_picture_scaled_up():
    made, tiles = ran(asked())
    assert made.shape == (128, 128, 3) and len(tiles) == 9
    assert (
        np.abs(made.astype(int) - np.array(Image.fromarray(RGB).resize((128, 128), Image.Resampling.LANCZOS))).max()
        <= 1
    )
    assert all(tile.start.strength == 0.35 and tile.refine is None and tile.picture.count == 1 for tile in tiles)
    assert len({tile.picture.seed for tile in tiles}) == 9


def test_there_is_no_seam_where_tiles_meet():
    flat = np.full_like(RGB, 90)
    request = asked(refine=Refinement(scale=3))

    def run(tile: GenerateRequest):
        shift = tile.picture.seed % 2 * 40  # every second tile comes back brighter
        yield ImageReady(
            request_id="r", image=0, seed=0, rgb=np.full_like(tile.start.rgb, 90 + shift), obedience=(), seen=(),
            heatmaps=None,
        )  # fmt: skip

    running = refined(request, flat, 0, facts(), run)
    try:
        while True:
            next(running)
    except StopIteration as done:
        made = done.value.rgb.astype(int)
    assert made.max() > 120 and made.min() < 100
    assert max(np.abs(np.diff(made, axis=axis)).max() for axis in (0, 1)) <= 8


def test_a_tile_takes_the_words_that_lie_in_it_and_pushes_the_others_out():
    mask = np.zeros((64, 64), np.uint8)
    mask[:16, :16] = 255
    words = (
        PaintedWord(span=(2, 6), mask=mask, strength=1.5, revision=4),
        PaintedWord(span=(11, 14), mask=mask * 0),
        PaintedWord(span=(11, 14), mask=mask, strength=-1.0),
    )
    _, tiles = ran(asked(words=words))
    first, last = tiles[0].text.words, tiles[-1].text.words
    assert first[0].strength == 1.5 and first[0].mask[:31, :31].all() and not first[0].mask[34:].any()
    assert last[0].strength == -1.5 and (last[0].mask == 255).all(), "painted elsewhere: pushed out"
    assert not last[1].mask.any() and last[1].strength == 1.0, "painted nowhere: as ever"
    assert not last[2].mask.any() and last[2].strength == -1.0
    _, bound = ran(asked(words=words, loras=(Lora("a.safetensors", word=0),)))
    assert not bound[-1].text.words[0].mask.any(), "else its LoRA would be heard there"
    assert first[0].revision != last[0].revision != 4 and first[1].revision is None


@pytest.mark.parametrize("watched", [((11, 14),), ()])
def test_where_words_went_in_the_tiles_is_laid_together_and_scored(watched):
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255
    words = (PaintedWord(span=(2, 6), mask=mask), PaintedWord(span=(2, 6), mask=mask, strength=-1.0))
    request = asked(words=words, watched=watched, obedience=True)

    def run(tile: GenerateRequest):
        spans = tile.text.watched
        assert set(spans) == {*watched, (2, 6)} and not tile.report.obedience
        maps = np.zeros((len(spans), 8, 8), np.float32)
        begun = tile.start.rgb[4::8, 4::8, 0] < 100  # the left half of the picture is dark
        maps[spans.index((2, 6))] = np.where(begun, 0.75, 0.25)
        if watched:
            maps[spans.index((11, 14))] = 1 - begun
        yield ImageReady(request_id="r", image=0, seed=0, rgb=tile.start.rgb, heatmaps=maps)

    halves = np.where(np.arange(64)[None, :, None] < 32, 20, 220).repeat(64, 0).repeat(3, 2).astype(np.uint8)
    running = refined(request, halves, 0, facts(), run, measure=True)
    try:
        while True:
            next(running)
    except StopIteration as done:
        made = done.value
    assert made.obedience == (pytest.approx(0.75, abs=0.02), pytest.approx(0.25, abs=0.02))
    assert made.reduced((64, 64)).shape == (64, 64, 3)
    if watched:
        (sky,) = made.maps
        assert sky[:, 70:].min() > 0.95 and sky[:, :58].max() < 0.05
    else:
        assert made.maps is None


def test_a_refined_picture_of_another_knows_where_its_words_went(run):
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255
    fields = {"start": StartPicture(rgb=RGB, strength=0.0), "refine": Refinement(strength=0.3), "steps": 4}
    word = {"words": (PaintedWord(span=(2, 6), mask=mask),)}
    plain = next(event for event in run(**fields, **word) if isinstance(event, ImageReady))
    watched = {"watched": ((2, 6), (11, 14)), "obedience": True}
    measured = next(event for event in run(**fields, **word, **watched) if isinstance(event, ImageReady))
    assert measured.heatmaps.shape == (2, 128, 128) and 0 < measured.obedience[0] < 1
    assert plain.heatmaps is None and np.array_equal(plain.rgb, measured.rgb), "measuring changes no pixel"


def test_the_pictures_of_a_request_are_refined_each(run):
    start = StartPicture(rgb=RGB, strength=0.5)
    fields = {"start": start, "refine": Refinement(strength=0.3), "steps": 4, "count": 2, "batch": 2, "obedience": True}
    events = run(**fields, words=(PaintedWord(span=(2, 6), mask=np.full((64, 64), 255, np.uint8)),))
    assert isinstance(events[-1], Finished), events[-1]
    images = [event for event in events if isinstance(event, ImageReady)]
    assert [image.rgb.shape for image in images] == [(128, 128, 3)] * 2 and all(image.obedience for image in images)
    before = [event for event in run(**{**fields, "refine": None}) if isinstance(event, ImageReady)]
    for image, small in zip(images, before, strict=True):
        large = np.array(Image.fromarray(small.rgb).resize((128, 128), Image.Resampling.LANCZOS)).astype(int)
        assert 0 < np.abs(image.rgb - large).mean() < 40
    again = [event.rgb for event in run(**fields) if isinstance(event, ImageReady)]
    assert not np.array_equal(images[0].rgb, images[1].rgb) and len(again) == 2


def test_a_picture_as_it_is_goes_through_the_second_pass_alone(run):
    events = run(start=StartPicture(rgb=RGB, strength=0.0), refine=Refinement(strength=0.5), steps=2)
    (image,) = [event for event in events if isinstance(event, ImageReady)]
    steps = [(event.index, event.total) for event in events if isinstance(event, Step)]
    assert image.rgb.shape == (128, 128, 3) and steps == [(1, 1)], "one tile of the model's size, one of two steps"


def test_a_second_pass_can_be_stopped(ask, library):
    import threading

    from engine import generate

    cancel, last = threading.Event(), None
    for event in generate(ask(refine=Refinement(), steps=2), library=library, cancel=cancel):
        if isinstance(event, Step) and event.total != 2:
            cancel.set()
        last = event
    assert isinstance(last, Cancelled)


# --- upscaling --------------------------------------------------------------------------------------------------------


def test_without_strength_it_is_scaled_up_alone():
    made, tiles = ran(asked(refine=Refinement(scale=4, strength=0.0)))
    assert made.shape == (256, 256, 3) and not tiles
    assert np.array_equal(made, upscaled(RGB, 4, "", "cpu"))


def test_a_network_that_cannot_be_used_is_told_before_anything_is_loaded(tmp_path, run, monkeypatch):
    for name, kind in (("gone.safetensors", ModelNotFound), ("x.pth", UnsafeModel), ("x.txt", BadRequest)):
        if name != "gone.safetensors":
            (tmp_path / name).write_bytes(b"x")
        with pytest.raises(kind) as caught:
            check_upscaler(str(tmp_path / name))
        assert caught.value.hint
    save_file({"a": torch.zeros(1)}, tmp_path / "x4.safetensors")
    monkeypatch.setattr(upscaling.upscaler_reader.importlib.util, "find_spec", lambda name: None)
    (event,) = run(refine=Refinement(upscaler=str(tmp_path / "x4.safetensors")))
    assert isinstance(event.error, UnsupportedModel) and 'pip install "wordbrush[upscale]"' in event.error.hint


def test_a_network_is_read_in_tiles_and_its_size_is_brought_to_the_one_asked_for(tmp_path, monkeypatch):
    """spandrel's interface, with a network of one layer behind it: nearest neighbours, twice the size."""

    class Descriptor:
        scale, input_channels, output_channels = 2, 3, 3

        def __init__(self, state):
            self.gain = state["gain"]

        def eval(self):
            return self

        def __call__(self, pixels):
            assert max(pixels.shape[2:]) <= upscaling._SIDE + 2 * upscaling._OVERLAP
            return torch.nn.functional.interpolate(pixels * self.gain, scale_factor=2)

    class Loader:
        def __init__(self, device):
            self.device = device

        def load_from_state_dict(self, state):
            if "gain" not in state:
                raise ValueError("unknown architecture")
            return Descriptor(state)

    monkeypatch.setitem(sys.modules, "spandrel", SimpleNamespace(ImageModelDescriptor=Descriptor, ModelLoader=Loader))
    monkeypatch.setattr(upscaling.upscaler_reader, "is_here", lambda: True)
    save_file({"gain": torch.ones(1)}, tmp_path / "x2.safetensors")
    save_file({"other": torch.ones(1)}, tmp_path / "other.safetensors")
    rgb = np.random.default_rng(0).integers(0, 256, (300, 520, 3)).astype(np.uint8)
    twice = np.repeat(np.repeat(rgb, 2, axis=0), 2, axis=1)
    assert np.array_equal(upscaled(rgb, 2, str(tmp_path / "x2.safetensors"), "cpu"), twice)
    assert upscaled(rgb, 3, str(tmp_path / "x2.safetensors"), "cpu").shape == (900, 1560, 3)
    with pytest.raises(UnsupportedModel, match="an upscaling network"):
        upscaled(rgb, 2, str(tmp_path / "other.safetensors"), "cpu")


def test_the_reader_of_networks_does_without_torchvision(tmp_path, monkeypatch):
    """A package that imports what spandrel 0.4.2 imports of it."""
    package = tmp_path / "spandrel"
    package.mkdir()
    asks = "from torchvision.transforms.functional import InterpolationMode, normalize, rotate"
    (package / "__init__.py").write_text(f"{asks}\nMODE = InterpolationMode.BILINEAR\nrotated = rotate\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert upscaler_reader.is_here()
    monkeypatch.setattr(upscaler_reader.importlib.util, "find_spec", lambda name: None)  # whatever is installed
    try:
        found = upscaler_reader.reader()
        assert found.MODE == "bilinear" and not any(name.startswith("torchvision") for name in sys.modules)
        with pytest.raises(ValueError, match="torchvision"):
            found.rotated()
    finally:
        sys.modules.pop("spandrel", None)


def test_what_is_to_be_done_can_be_done_where_the_program_runs(monkeypatch):
    assert "pip install" in upscaler_reader.how_to_get()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "takes no more packages" in upscaler_reader.how_to_get()


def test_previews_of_the_second_pass_are_small():
    assert max(refining._small(np.zeros((900, 2048, 3), np.uint8)).shape) == 512
