"""Runs with a compiled denoiser: the pictures of the uncompiled one, with nothing compiled again, or none and why."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import threading
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch._dynamo as dynamo
from diffusers import UNet2DConditionModel
from safetensors.torch import save_file
from torch._dynamo.utils import counters

from engine import GenerateRequest, Library, LocalExecutor, PaintedWord, find_span, generate
from engine.experts.compiled import between_pictures
from engine.models.compiling import background, choosing
from engine.models.compiling.background import Background
from engine.models.compiling.graphs import MOST, TRACING
from engine.models.compiling.seating import choose
from engine.models.families.base import RunConfig
from engine.protocol import Fidelity, Finished, ImageReady, Loading, Lora, Step
from engine.surroundings import COMPILER, still_compiling
from engine.weights.tiers import WHOLE
from tests.tiny import tiny_pipeline
from tests.tiny_transformers import save_flux

SIDE = 64


def save_small_unet(folder):
    """Cross-attention and self-attention at one level, in two layers: quick to compile."""
    torch.manual_seed(0)
    pipeline = tiny_pipeline()
    pipeline.register_modules(
        unet=UNet2DConditionModel(
            sample_size=8,
            block_out_channels=(16,),
            layers_per_block=1,
            down_block_types=("CrossAttnDownBlock2D",),
            up_block_types=("UpBlock2D",),
            mid_block_type=None,
            cross_attention_dim=32,
            attention_head_dim=4,
            norm_num_groups=8,
        )
    )
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


class Model:
    """A model whose denoiser is compiled once, and what its runs gave to the decoder."""

    def __init__(self, path) -> None:
        self.path, self.library = str(path), Library(path.parent / "library")
        self.families: list = []
        self.told: list = []
        self.background = Background(lambda *news: self.told.append(news))
        self.decoded: list[torch.Tensor] = []

    def ask(self, number: int, **fields) -> GenerateRequest:
        """The request of that number: no two have the same prompt, paint, strength, seed or noise levels."""
        prompt = ["a lake and sky", "sky, and a wide lake", "lake sky", "the sky above a lake and a house"][number % 4]
        width, height = fields.get("width", SIDE), fields.get("height", SIDE)
        words = []
        for word, left in (("lake", 0), ("sky", width // 2)):
            mask = np.zeros((height, width), np.uint8)
            mask[number : number + 32, left + number % 8 : left + number % 8 + 24] = 255
            words.append(PaintedWord(span=find_span(prompt, word), mask=mask, strength=1.5 - 0.1 * number))
        values = {"id": str(number), "prompt": prompt, "words": words, "model": self.path, "device": "cpu"}
        values |= {"steps": 2 + number % 5, "seed": number, "paint_weight": 0.5 + 0.05 * number, "previews": False}
        values |= {"width": width, "height": height, "compile": "on", "obedience": True}
        return GenerateRequest.of(**values | {"fidelity": Fidelity(separation=0.5, containment=0.3)} | fields)

    def run(self, request: GenerateRequest) -> torch.Tensor:
        """The latents of a request's picture."""
        found = self.library.load(request.model, request.device)
        decode, seen = found.decode, []
        found.decode = lambda latents: (seen.append(latents), decode(latents))[1]
        try:
            events = list(generate(request, library=self.library, ahead=self.families.extend))
        finally:
            del found.decode
        assert isinstance(events[-1], Finished), events[-1].error.details
        self.obedience = next(event.obedience for event in events if isinstance(event, ImageReady))
        return seen[0]

    def compile(self) -> None:
        """Compile what the last run wanted."""
        wanted, self.families = self.families, []
        self.background.start(wanted)
        assert self.background.wait(60)

    @property
    def graphs(self):
        return self.library.load(self.path, "cpu").graphs


@pytest.fixture(scope="module")
def backend():
    before, choosing.BACKEND = choosing.BACKEND, "eager"
    dynamo.reset()
    yield
    choosing.BACKEND = before
    dynamo.reset()


@pytest.fixture(scope="module")
def compiled(backend, tmp_path_factory):
    """Models whose denoisers are compiled, by name; each is made once."""
    made = {}

    def make(name: str) -> Model:
        if name not in made:
            folder = tmp_path_factory.mktemp("compiled") / name
            model = made[name] = Model(save_small_unet(folder) if name == "unet" else save_flux(folder))
            before = counters["stats"]["unique_graphs"]
            model.run(model.ask(0))
            assert counters["stats"]["unique_graphs"] == before, "the first picture does not wait"
            model.compile()
            assert counters["stats"]["unique_graphs"] == before + 1 and not counters["graph_break"]
        return made[name]

    return make


@pytest.fixture(params=["unet", "flux"])
def either(request, compiled):
    """A UNet or a transformer, compiled."""
    return compiled(request.param)


@pytest.fixture(scope="module")
def unet(backend, tmp_path_factory):
    """A UNet that is not compiled."""
    return Model(save_small_unet(tmp_path_factory.mktemp("plain") / "unet"))


def test_twenty_prompts_masks_strengths_seeds_and_noise_levels_compile_nothing_again(either, monkeypatch):
    (graph,) = either.graphs.of.values()
    step, calls = graph._step, []
    monkeypatch.setattr(graph, "_step", lambda *a, **k: (calls.append(1), step(*a, **k))[1])
    steps, before = 0, counters["stats"]["unique_graphs"]
    for number in range(20):
        request = either.ask(number)
        steps += request.sampling.steps
        found, compiled = either.run(request), either.obedience
        if number < 5:
            expected, plain = either.run(request.replace(compile="off")), either.obedience
            assert (found - expected).abs().max() < 1e-4
            np.testing.assert_allclose(compiled, plain, atol=1e-4)
    assert len(calls) == steps and graph.state == "ready"
    assert counters["stats"]["unique_graphs"] == before and not counters["graph_break"]
    assert not either.families, "nothing is wanted"


def test_the_compiled_picture_is_the_twins_own_to_the_bit(either):
    (graph,) = either.graphs.of.values()
    compiled = either.run(either.ask(3))
    graph._step, kept = graph.twin, graph._step
    assert torch.equal(either.run(either.ask(3)), compiled)
    graph._step = kept


def test_words_come_and_go_without_another_graph(either):
    before = counters["stats"]["unique_graphs"]
    bare = either.ask(1, words=(), watched=(find_span(either.ask(1).text.prompt, "lake"),))
    found = either.run(bare)
    assert counters["stats"]["unique_graphs"] == before and not either.families
    assert (found - either.run(bare.replace(compile="off"))).abs().max() < 1e-4


def test_a_merged_lora_acts_in_the_graph_and_one_of_a_word_runs_without(compiled, tmp_path, caplog):
    unet = compiled("unet")
    layer = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
    generator = torch.Generator().manual_seed(0)
    tensors = {f"unet.{layer}.lora_{which}.weight": torch.randn(shape, generator=generator)
               for which, shape in (("A", (2, 16)), ("B", (16, 2)))}  # fmt: skip
    save_file(tensors, tmp_path / "lora.safetensors")
    before = counters["stats"]["unique_graphs"]
    whole = unet.ask(1, loras=(Lora(file=str(tmp_path / "lora.safetensors"), weight=1.0),))
    found = unet.run(whole)
    assert (found - unet.run(whole.replace(compile="off"))).abs().max() < 1e-4
    assert (found - unet.run(unet.ask(1))).abs().max() > 1e-3, "the weights are back"
    assert counters["stats"]["unique_graphs"] == before
    with caplog.at_level(logging.INFO):
        unet.run(unet.ask(1, loras=(Lora(file=str(tmp_path / "lora.safetensors"), weight=1.0, word=0),)))
    assert "a LoRA that is bound to a word" in caplog.text and not unet.families


def test_the_graph_that_is_traced_for_autograd_gives_the_same_picture(unet, monkeypatch):
    """What Inductor makes kernels of: functional, without views and changes in place."""
    monkeypatch.setattr(choosing, "BACKEND", "aot_eager")
    unet.library.release()
    unet.run(unet.ask(0))
    unet.compile()
    (graph,) = unet.graphs.of.values()
    assert graph.state == "ready"
    for number in (0, 2):
        request = unet.ask(number)
        found = unet.run(request)
        assert (found - unet.run(request.replace(compile="off"))).abs().max() < 1e-4
    assert graph.state == "ready" and not unet.families
    unet.library.release()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"controls": (object(),)}, "control pictures"),
        ({"styles": (object(),)}, "style pictures"),
        ({"areas": (object(),)}, "areas with prompts of their own"),
    ],
)
def test_what_no_graph_does_runs_uncompiled_and_says_so(unet, caplog, what, said):
    family = unet.library.load(unet.path, "cpu")
    brief = RunConfig(context=family.encode("a lake", ""), size=(SIDE, SIDE), **what)
    with caplog.at_level(logging.INFO):
        choose(family, brief)
    assert f"runs uncompiled, as this picture has {said}" in caplog.text
    assert family.graph is None and family.graphs.wish is None
    choose(family, dataclasses.replace(brief, **dict.fromkeys(what, ())))
    assert family.graphs.wish is not None
    family.graphs = None


def test_experts_that_take_turns_on_the_device_are_not_compiled_and_it_is_said_once(unet, caplog):
    family = unet.library.load(unet.path, "cpu")
    away = SimpleNamespace(offloaded=SimpleNamespace(inside=False), graphs=None)
    wanted = []
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            choose(family, RunConfig(context=family.encode("a lake", ""), size=(SIDE, SIDE)))
            between_pictures(SimpleNamespace(families=[family, away]), wanted.extend, more=False)
    assert [each.getMessage() for each in caplog.records if "take turns" in each.getMessage()] == [
        "the denoiser runs uncompiled, as the model's experts take turns on the device"
    ]
    assert not wanted and family.graphs.wish is None
    family.graphs = None


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_series_that_is_left_while_a_compiler_works_waits_for_it_no_longer(unet, monkeypatch, interrupted):
    """A compiler outside of Python hears nothing: the process has to end around it, see `app.cli.main`."""
    unet.library.release()
    unet.run(unet.ask(0))
    wanted, unet.families = unet.families, []
    cancel, going, over, told = threading.Event(), threading.Event(), threading.Event(), []

    def deaf(step, left):
        told.append(left)

        def work(*args, **kwargs):
            (going.set if interrupted else cancel.set)()
            while not over.is_set():
                with contextlib.suppress(BaseException):
                    over.wait()

        return work

    def wait(own, timeout=None, waits=Background.wait):
        if interrupted and timeout == 0.1 and going.wait(10):
            raise KeyboardInterrupt
        return waits(own, timeout)

    monkeypatch.setattr(background, "compiled", deaf)
    monkeypatch.setattr(Background, "wait", wait)
    monkeypatch.setattr(Background.close, "__defaults__", (0.2,))
    try:
        with pytest.raises(KeyboardInterrupt) if interrupted else contextlib.nullcontext():
            background.here_and_now(lambda what, fraction: None, cancel)(wanted)
        assert still_compiling() and told[0].is_set()
    finally:
        over.set()
    (thread,) = [each for each in threading.enumerate() if each.name == COMPILER]
    thread.join(10)
    assert not still_compiling() and not TRACING.locked()
    unet.library.release()


def test_gradient_steps_run_uncompiled_and_say_so(unet, caplog):
    with caplog.at_level(logging.INFO):
        unet.run(unet.ask(0, fidelity=Fidelity(gradient_steps=1)))
    assert "gradient steps" in caplog.text and not unet.families


def test_other_sizes_have_graphs_of_their_own_up_to_a_number(unet, monkeypatch, caplog):
    monkeypatch.setattr(Background, "_work", lambda self, made, threads, left: TRACING.release())
    for width in range(SIDE, SIDE + 8 * MOST, 8):
        unet.run(unet.ask(0, width=width))
        unet.compile()
    assert len(unet.graphs.of) == MOST
    with caplog.at_level(logging.INFO):
        unet.run(unet.ask(0, width=SIDE + 8 * MOST))
    assert "other sizes" in caplog.text and not unet.families
    unet.library.release()


def test_a_run_is_cancelled_between_steps(either):
    cancel = threading.Event()
    request, seen = either.ask(0, steps=200), []
    for event in generate(request, library=either.library, cancel=cancel):
        seen.append(type(event).__name__)
        if isinstance(event, Step):
            cancel.set()
    assert seen[-1] == "Cancelled" and seen.count("Step") <= 2


def test_what_does_not_compile_is_one_sentence_and_a_run_as_ever(unet, caplog, monkeypatch):
    monkeypatch.setattr(background, "compiled", lambda step, left: 1 / 0)
    unet.library.release()
    expected = unet.run(unet.ask(0))
    with caplog.at_level(logging.INFO):
        unet.compile()
    (said,) = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert "could not be compiled" in said.getMessage() and "ZeroDivisionError" in said.getMessage()
    assert torch.equal(unet.run(unet.ask(0)), expected) and not unet.families
    unet.library.release()


def test_what_is_left_is_no_failure_and_is_wanted_again(unet, caplog):
    unet.run(unet.ask(0))
    wanted, unet.families = unet.families, []
    leaving = Background(lambda what, fraction: leaving.leave())
    leaving.start(wanted)
    assert leaving.wait(60)
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]
    unet.run(unet.ask(0))
    assert unet.families
    unet.families = []


def test_a_model_that_is_to_take_less_memory_lets_its_graphs_go(unet):
    unet.run(unet.ask(0))
    unet.families = []
    family = unet.library.load(unet.path, "cpu")
    assert family.graphs is not None
    family.adopt(WHOLE)
    assert family.graphs is None and family.graph is None


def test_a_machine_without_a_compiler_says_so(unet, monkeypatch, caplog):
    from torch._inductor import cpp_builder
    from torch._inductor.exc import InvalidCxxCompiler

    def none():
        raise InvalidCxxCompiler

    monkeypatch.setattr(cpp_builder, "get_cpp_compiler", none)
    monkeypatch.setattr(choosing, "BACKEND", "inductor")
    with caplog.at_level(logging.INFO):
        unet.run(unet.ask(0))
    assert "no C++ compiler" in caplog.text and not unet.families
    assert choosing.state(torch.device("cpu")) == {
        "automatic": False, "possible": False, "lacking": choosing.lacking(torch.device("cpu")),
    }  # fmt: skip


def test_a_series_takes_the_compiled_denoiser_as_soon_as_it_is_there(unet, monkeypatch):
    unet.library.release()
    monkeypatch.setattr(background, "compiled", lambda step, left: step)
    plain = unet.ask(2, count=3, compile="off")
    expected = [event.rgb for event in generate(plain, library=unet.library) if isinstance(event, ImageReady)]
    begun, make = [], background.here_and_now(lambda what, fraction: None, threading.Event())
    events = generate(unet.ask(2, count=3), library=unet.library, ahead=lambda wanted: (begun.append(1), make(wanted)))
    found = [event.rgb.astype(int) for event in events if isinstance(event, ImageReady)]
    assert len(begun) == 1 and [graph.state for graph in unet.graphs.of.values()] == ["ready"]
    assert max(abs(ours - other).max() for ours, other in zip(found, expected, strict=True)) <= 1


def test_the_executor_compiles_beside_pictures_and_closes_while_it_does(unet, monkeypatch):
    unet.library.release()
    heard, told, going = [], threading.Event(), threading.Event()

    def hear(event) -> None:
        heard.append((threading.current_thread().name, event))
        if isinstance(event, Loading) and not event.request_id and event.what.startswith("a compiled"):
            told.set()

    def slow(step, left):
        going.set()
        return lambda *args, **kwargs: left.wait(60) and 1 / 0

    monkeypatch.setattr(background, "compiled", slow)
    executor = LocalExecutor(library=unet.library)
    executor.start(hear)
    executor.submit(unet.ask(0))
    assert told.wait(60) and going.wait(60)
    executor.submit(unet.ask(1, live=True, obedience=False))
    while not any(isinstance(event, Finished) and event.request_id == "1" for _, event in heard):
        threading.Event().wait(0.02)
    assert TRACING.locked(), "a picture was made meanwhile"
    assert executor.close(10) and not TRACING.locked()
    assert {name for name, _ in heard} == {"engine"}
