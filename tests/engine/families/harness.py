"""What every family of transformers is held to; a family's test file names its tiny folder and its stock pipeline.

class TestMine(FamilyTests):
    case = FamilyCase(name="mine", save=save_mine, stock=run_stock)
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import diffusers
import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from app.cli.main import main
from canvas.files import png
from engine import GenerateRequest, Library, PaintedWord, find_span, generate
from engine.attention import joint_parts
from engine.attention.laws import noise_gain
from engine.attention.transformer_control import TransformerControl
from engine.errors import UnsupportedModel
from engine.experts.ensemble import Ensemble
from engine.models.architectures import of_index
from engine.models.families import load
from engine.models.families.base import RunConfig
from engine.protocol import Cancelled, ColourPaint, Finished, ImageReady, Preview, StartPicture, Step
from engine.reworking.colouring import begun_from
from engine.weights.files import read_index
from tests.engine.conftest import slow_clock

PROMPT = "a cat by a lake, a cat and sky"
_stock_latents: dict[str, dict[tuple[str, tuple[int, int]], Tensor]] = {}  # of each case, made once in a run


@dataclass(frozen=True, kw_only=True)
class FamilyCase:
    """What the harness must know of a family.

    Attributes:
        name: of the tiny folder, one for each case in all tests.
        save: writes the tiny model with random weights into a folder in the real layout.
        stock: `(folder, prompt, negative, size, steps, seed, guidance) -> latents [1, C, h, w]` of the stock pipeline,
            as the engine has them (unpacked); `guidance` as the engine counts it.
        guidance: that the comparison is made with. negatives: negative prompts to compare with.
        size: (width, height), not square.
        tolerance: largest difference of a latent in 4 steps of float32.
        weight: paint weight that moves attention in the tiny model.
        fields: other fields of all requests.
    """

    name: str
    save: Callable[[Path], Any]
    stock: Callable[..., Tensor]
    guidance: float = 1.0
    negatives: tuple[str, ...] = ("",)
    size: tuple[int, int] = (96, 64)
    tolerance: float = 1e-4
    weight: float = 2.0
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Look:
    """One painted layer's call: conditional rows `[rows, length, heads, d]`, the mask and the output."""

    query: Tensor
    key: Tensor
    value: Tensor
    mask: Tensor | None
    scale: float
    out: Tensor


class Watched:
    """A family of its own library, whose painted layers' calls are noted in `looks`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, force: bool = False) -> None:
        self.looks: list[Look] = []
        self.latents: list[Tensor] = []
        attend, begin = TransformerControl._attend, TransformerControl.begin

        def noted(control: TransformerControl, path: str, stock: Any, query, key, value, **rest) -> Tensor:
            out = attend(control, path, stock, query, key, value, **rest)
            if not control.meets(key):
                return out
            rows, mask = control._run.rows, rest.get("attn_mask")
            mask = mask if mask is None or len(mask) != len(query) else mask[rows]
            scale = rest.get("scale") or query.shape[-1] ** -0.5
            self.looks.append(Look(query[rows], key[rows], value[rows], mask, scale, out[rows]))
            return out

        with monkeypatch.context() as patched:
            patched.setattr(TransformerControl, "_attend", noted)
            self.library = Library(folder.parent / "none")
            self.family: Any = self.library.load(folder, "cpu")
        if force:
            monkeypatch.setattr(
                self.family.control, "begin", lambda **fields: begin(self.family.control, **fields, force=True)
            )
        decode = self.family.decode
        monkeypatch.setattr(self.family, "decode", lambda latents: self.latents.append(latents) or decode(latents))


def half_mask(size: tuple[int, int], *, left: bool = True) -> np.ndarray:
    """A mask over one half of a picture."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    mask[:, : size[0] // 2] = 255
    return mask if left else np.ascontiguousarray(mask[:, ::-1])


def painted(phrase: str, n: int, mask: np.ndarray, **fields: Any) -> PaintedWord:
    return PaintedWord(span=find_span(PROMPT, phrase, n), mask=mask, **fields)


class FamilyTests:
    """The tests; a class of a family's own file inherits them and names its `case`."""

    case: ClassVar[FamilyCase]

    @pytest.fixture
    def folder(self, family_folder: Callable[[FamilyCase], Path]) -> Path:
        return family_folder(self.case)

    @pytest.fixture(scope="class")
    @classmethod
    def loaded(cls, family_folder: Callable[[FamilyCase], Path]) -> Iterator[Watched]:
        with pytest.MonkeyPatch.context() as patched:
            yield Watched(family_folder(cls.case), patched)

    @pytest.fixture
    def watched(self, loaded: Watched) -> Watched:
        """The family, loaded once for all tests of the class, with nothing noted yet."""
        loaded.looks.clear()
        loaded.latents.clear()
        return loaded

    def request(self, folder: Path, **fields: Any) -> GenerateRequest:
        width, height = self.case.size
        values: dict[str, Any] = {
            "id": "1", "prompt": PROMPT, "width": width, "height": height, "steps": 4, "seed": 3, "sampler": "euler",
            "guidance": self.case.guidance, "model": str(folder), "device": "cpu",
        }  # fmt: skip
        return GenerateRequest.of(**{**values, **self.case.fields, **fields})

    def events(self, model: Watched, folder: Path, **fields: Any) -> list[Any]:
        found = list(generate(self.request(folder, **fields), library=model.library, clock=slow_clock()))
        assert isinstance(found[-1], Finished), getattr(getattr(found[-1], "error", None), "details", found[-1])
        return found

    def expected(self, folder: Path, *, negative: str = "", size: tuple[int, int] | None = None) -> Tensor:
        size = size or self.case.size
        made = _stock_latents.setdefault(self.case.name, {})
        if (negative, size) not in made:
            made[negative, size] = self.case.stock(
                folder, prompt=PROMPT, negative=negative, size=size, steps=4, seed=3, guidance=self.case.guidance
            )
        return made[negative, size]

    def brief(self, family: Any, words: tuple[PaintedWord, ...], **fields: Any) -> RunConfig:
        values: dict[str, Any] = {
            "context": family.encode(PROMPT, self.case.negatives[-1]),
            "words": words,
            "size": self.case.size,
            "guidance": self.case.guidance,
            "paint_weight": self.case.weight,
        }
        return RunConfig(**{**values, **fields})

    # --- stock ----------------------------------------------------------------------------------------------------

    def test_without_paint_it_is_the_stock_pipeline(self, folder: Path, watched: Watched) -> None:
        for negative in self.case.negatives:
            self.events(watched, folder, negative=negative)
            wanted = self.expected(folder, negative=negative)
            assert wanted.shape == watched.latents[-1].shape
            assert (watched.latents[-1] - wanted).abs().max() < self.case.tolerance

    def test_a_tall_picture_is_the_stock_pipelines_too(self, folder: Path, watched: Watched) -> None:
        size = (self.case.size[1], self.case.size[0])
        self.events(watched, folder, width=size[0], height=size[1], negative=self.case.negatives[-1])
        wanted = self.expected(folder, size=size, negative=self.case.negatives[-1])
        assert (watched.latents[-1] - wanted).abs().max() < self.case.tolerance

    def test_the_biased_path_without_bias_is_the_stock_pipeline(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        watched = Watched(folder, monkeypatch, force=True)
        word = painted("lake", 1, half_mask(self.case.size))
        self.events(watched, folder, words=(word,), paint_weight=1e-9, negative=self.case.negatives[-1])
        wanted = self.expected(folder, negative=self.case.negatives[-1])
        assert (watched.latents[-1] - wanted).abs().max() < self.case.tolerance

    # --- a picture to begin from --------------------------------------------------------------------------------

    def test_it_begins_from_a_picture_or_colours_and_keeps_what_is_to_be_kept(
        self, folder: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        width, height = self.case.size
        rgb = np.random.default_rng(0).integers(0, 256, (height, width, 3)).astype(np.uint8)
        self.events(watched, folder)
        self.events(watched, folder, start=StartPicture(rgb=rgb, strength=1.0))
        assert torch.equal(*watched.latents[-2:]), "from noise alone"
        seen, denoise = [], Ensemble.denoise
        monkeypatch.setattr(
            Ensemble,
            "denoise",
            lambda own, x, sigma, **rest: seen.append((x, sigma)) or denoise(own, x, sigma, **rest),
        )
        mask = half_mask(self.case.size)
        found = self.events(watched, folder, start=StartPicture(rgb=rgb, strength=0.5, mask=mask))
        (made,) = [event.rgb for event in found if isinstance(event, ImageReady)]
        assert np.array_equal(made[mask == 0], rgb[mask == 0]) and not np.array_equal(made, rgb)
        (x, sigma), _ = seen  # two of four steps
        original = watched.family.encode_picture(rgb)
        noise = torch.randn(x.shape[1:], generator=torch.Generator().manual_seed(3))
        assert torch.allclose(x, original + sigma * noise, atol=1e-5 * (1 + sigma))
        half = x.shape[3] // 2 + 1
        assert torch.allclose(watched.latents[-1][..., half:], original[..., half:], atol=1e-5)
        rgba = np.dstack([rgb, mask])  # colours on the left: held to the end there, free on the right
        self.events(watched, folder, colours=ColourPaint(rgba=rgba, strength=1.0))
        held = watched.family.encode_picture(begun_from(rgba, None))
        left, right = slice(None, x.shape[3] // 2), slice(half, None)
        assert torch.allclose(watched.latents[-1][..., left], held[..., left], atol=1e-5)
        assert not torch.allclose(watched.latents[-1][..., right], held[..., right], atol=1e-2)

    # --- paint ----------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("fused", [False, True], ids=["on the CPU", "as on a GPU"])
    def test_the_bias_is_the_papers(
        self, folder: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch, fused: bool
    ) -> None:
        monkeypatch.setattr(joint_parts, "prefers_mask", lambda device: fused)
        words = (
            painted("lake", 1, half_mask(self.case.size)),
            painted("sky", 1, half_mask(self.case.size, left=False), strength=0.5),
        )
        family = watched.family
        brief = self.brief(family, words)
        family.begin(brief)
        sigma = 1.5
        x = torch.randn(1, family.channels, *family.latent_size(*self.case.size)) * sigma
        family.denoise(x, sigma, timestep=family.noise.timestep(sigma), fraction=0.3)
        layout = family.control._run.layout
        paint = torch.from_numpy(family._paint.matrices((0, 1))[0]).double()
        seen = list(brief.context.seen or range(layout.tokens))
        family.end()
        assert len(watched.looks) == family.control.layers[0] > 0
        assert layout.cross != of_index(read_index(folder)).joint
        for look in watched.looks:
            wanted, _ = reference(look, layout, paint, seen, gain=noise_gain(self.case.weight, sigma))
            assert (look.out.double() - wanted).abs().max() < 1e-4 * max(1.0, float(wanted.abs().max()))

    @pytest.mark.parametrize(
        "phrases", [(("lake", 1), ("sky", 1)), (("cat", 1), ("cat", 2))], ids=["two words", "two of one noun"]
    )
    def test_paint_moves_attention_into_its_area(
        self, folder: Path, watched: Watched, phrases: tuple[tuple[str, int], ...]
    ) -> None:
        masks = (half_mask(self.case.size), half_mask(self.case.size, left=False))
        words = tuple(painted(*phrase, mask) for phrase, mask in zip(phrases, masks, strict=True))
        family, inside = watched.family, {}
        x = torch.randn(1, family.channels, *family.latent_size(*self.case.size)) * 5.0
        for weight in (0.0, self.case.weight):
            watched.looks.clear()
            brief = self.brief(family, words, paint_weight=weight)
            family.begin(brief)
            family.denoise(x, 5.0, timestep=family.noise.timestep(5.0), fraction=0.1)
            layout = family.control._run.layout
            paint = torch.from_numpy(family._paint.matrices((0, 1))[0]).double()
            positions = [brief.context.positions(word.span) for word in words]
            seen = list(brief.context.seen or range(layout.tokens))
            family.end()
            shares = torch.stack(
                [reference(look, layout, paint, seen, gain=noise_gain(weight, 5.0))[1] for look in watched.looks]
            ).mean(dim=(0, 1, 2))
            middle = layout.grid[1] // 2
            inside[weight] = []
            for places, left in zip(positions, (True, False), strict=True):
                drawn = shares[:, list(places)].sum(dim=-1).reshape(layout.grid)
                half = drawn[:, :middle] if left else drawn[:, middle:]
                inside[weight].append(float(half.sum() / drawn.sum()))
        assert set(positions[0]).isdisjoint(positions[1]) and all(positions)
        for before, after in zip(*inside.values(), strict=True):
            assert after > before + 0.1, inside

    def test_paint_changes_the_picture_and_no_weight_is_no_paint(self, folder: Path, watched: Watched) -> None:
        word = painted("lake", 1, half_mask(self.case.size))
        self.events(watched, folder)
        self.events(watched, folder, words=(word,), paint_weight=self.case.weight)
        self.events(watched, folder, words=(word,), paint_weight=0.0)
        plain, with_paint, weightless = watched.latents
        assert (plain - with_paint).abs().max() > 1e-3
        assert torch.equal(plain, weightless)

    # --- runs -----------------------------------------------------------------------------------------------------

    def test_a_batch_is_its_single_pictures(self, folder: Path, watched: Watched) -> None:
        word = painted("sky", 1, half_mask(self.case.size))
        fields: dict[str, Any] = {"words": (word,), "paint_weight": self.case.weight, "steps": 2}
        self.events(watched, folder, count=2, batch=2, **fields)
        for seed in (3, 4):
            self.events(watched, folder, seed=seed, **fields)
        for together, alone in zip(watched.latents[:2], watched.latents[2:], strict=True):
            assert (together - alone).abs().max() < 1e-3

    def test_a_cancelled_run_leaves_nothing_behind(self, folder: Path, watched: Watched) -> None:
        self.events(watched, folder, steps=2)
        cancel = threading.Event()
        word = painted("lake", 1, half_mask(self.case.size))
        events = []
        for event in generate(self.request(folder, words=(word,)), library=watched.library, cancel=cancel):
            events.append(event)
            if isinstance(event, Step):
                cancel.set()
        assert isinstance(events[-1], Cancelled) and watched.family.brief is None
        assert sum(isinstance(event, Step) for event in events) == 1
        self.events(watched, folder, steps=2)
        assert torch.equal(*watched.latents)

    def test_previews_and_heatmaps(self, folder: Path, watched: Watched) -> None:
        words = (painted("lake", 1, half_mask(self.case.size)),)
        spans = (find_span(PROMPT, "cat", 1), find_span(PROMPT, "sky"))
        events = self.events(
            watched, folder, words=words, watched=spans, obedience=True, paint_weight=self.case.weight, steps=2
        )
        previews = [event for event in events if isinstance(event, Preview)]
        width, height = self.case.size
        size = watched.family.latent_size(width, height)
        assert len(previews) == 2
        assert all(event.rgb.shape[:2] == size and event.heatmaps.shape == (2, *size) for event in previews)
        (image,) = (event for event in events if isinstance(event, ImageReady))
        assert image.rgb.shape == (height, width, 3)
        assert image.heatmaps.shape == (2, *size) and 0 < image.heatmaps.max() <= 1
        (kept,) = image.obedience
        assert 0 <= kept <= 1

    def test_a_png_makes_its_picture_again(self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        width, height = self.case.size
        Image.fromarray(half_mask(self.case.size)).save("mask.png")
        chosen = ["--guidance", str(self.case.guidance), "--negative", self.case.negatives[-1]]
        painted = ["--prompt", PROMPT, "--paint", "cat#2=mask.png:0.8", "--size", f"{width}x{height}", "--seed", "5"]
        same = ["--model", str(folder), "--device", "cpu"]
        assert main(["render", *chosen, *painted, "--steps", "2", "--out", "first.png", *same]) == 0
        assert main(["render", "first.png", "--out", "again.png", *same]) == 0
        first, again = (np.asarray(Image.open(name)) for name in ("first.png", "again.png"))
        assert first.shape[:2] == (height, width) and np.array_equal(first, again)
        for name in ("first.png", "again.png"):
            last = png.read_parameters(name).splitlines()[-1]
            assert last.split("Model: ")[1].split(",")[0] == folder.name
            assert png.load_scene(name).settings.model == folder.name

    def test_a_diffusers_from_before_its_classes_is_named(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        architecture = of_index(read_index(folder))
        config = json.loads((folder / architecture.denoiser / "config.json").read_text())
        kind = getattr(diffusers, config["_class_name"])
        facts = Library(folder.parent / "none").inspect(folder)
        with monkeypatch.context() as older:
            older.delattr(sys.modules[kind.__module__], kind.__name__)
            # Read anew, as a process that starts with that diffusers would.
            older.delitem(sys.modules, f"engine.models.families.{architecture.name}", raising=False)
            with pytest.raises(UnsupportedModel, match=f"need diffusers {re.escape(architecture.since)} or newer"):
                list(load(facts, torch.device("cpu")))
        with monkeypatch.context() as older:
            older.setattr("importlib.metadata.version", lambda name: "0.30.3")
            with pytest.raises(UnsupportedModel, match=r"0\.30\.3 is installed") as caught:
                Library(folder.parent / "none").inspect(folder)
        assert architecture.since in caught.value.hint

    def test_unguided_runs_take_the_prompt_alone(self, folder: Path, watched: Watched) -> None:
        self.events(watched, folder, guidance=1.0, negative="", steps=1)
        self.events(watched, folder, guidance=1.0, negative="a house with a long name of its own", steps=1)
        assert torch.equal(*watched.latents)


def reference(look: Look, layout: Any, paint: Tensor, seen: list[int], *, gain: float) -> tuple[Tensor, Tensor]:
    """eDiff-I's formula in float64: the output `[rows, length, heads, d]`, and the cells' shares of the text's tokens,
    `[rows, heads, cells, tokens]`, of all that they look at."""
    query, key, value = (each.double().transpose(1, 2) for each in (look.query, look.key, look.value))
    groups = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(groups, dim=1), value.repeat_interleave(groups, dim=1)
    scores = query @ key.transpose(-1, -2) * look.scale
    image, text = slice(*layout.image), slice(*layout.text)
    block = scores[:, :, image, text]
    m = block[..., seen].amax(dim=(1, 2, 3), keepdim=True).clamp_min(0)
    scores[:, :, image, text] = block + gain * m * paint
    if look.mask is not None:
        mask = look.mask[:, None, None] if look.mask.ndim == 2 else look.mask
        mask = mask[:, None] if mask.ndim == 3 else mask
        scores = scores.masked_fill(~mask, -torch.inf) if mask.dtype == torch.bool else scores + mask.double()
    shares = torch.softmax(scores, dim=-1)
    return (shares @ value).transpose(1, 2), shares[:, :, image, text]


def folders(make: Callable[[str], Path]) -> Iterator[Callable[[FamilyCase], Path]]:
    """Makes each case's tiny folder once."""
    made: dict[str, Path] = {}

    def folder_of(case: FamilyCase) -> Path:
        if case.name not in made:
            made[case.name] = make("families") / case.name
            case.save(made[case.name])
        return made[case.name]

    yield folder_of
