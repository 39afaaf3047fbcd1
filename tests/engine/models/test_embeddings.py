"""Textual inversion: words that were learnt take their vectors' place in each text encoder, and their paint."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine import GenerateRequest, Library, PaintedWord, find_span, generate
from engine.errors import ModelIncomplete, UnsafeModel, UnsupportedModel
from engine.models.embeddings import list_embeddings, spans_of
from engine.protocol import Failed
from engine.text.learnt_words import read_word
from tests.engine.models.adapters.test_using import picture
from tests.tiny_sdxl import save_sdxl, tiny_sdxl

PROMPT = "a lake and my-word, sky"


def vectors(count: int, width: int, seed: int = 7) -> torch.Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def models(tmp_path_factory, tiny_sd_folder):
    """A library whose folder of embeddings is there, with a small SD and a small SDXL."""
    library = Library(tmp_path_factory.mktemp("home") / "models")
    library.folder.mkdir()
    (library.folder / "sd").symlink_to(tiny_sd_folder)
    save_sdxl(library.folder / "xl")
    (library.folder.parent / "embeddings").mkdir()
    return library


@pytest.fixture
def folder(models):
    """Its folder of embeddings, empty."""
    folder = models.folder.parent / "embeddings"
    for file in folder.iterdir():
        file.unlink()
    return folder


def ask(model: str, prompt: str = PROMPT, **fields) -> GenerateRequest:
    return GenerateRequest.of(id="1", prompt=prompt, width=64, height=64, steps=2, model=model, device="cpu", **fields)


def run(models, request) -> np.ndarray:
    return picture(list(generate(request, library=models)))


def read(models, model: str, texts=(PROMPT, "")):
    """What the encoders make of a prompt with the words that lie there."""
    family = models.load(model, "cpu")
    family.learn(models.learnt_words(texts, family.facts.path))
    try:
        return family.encode(*texts)
    finally:
        family.learn(())


def test_each_vector_is_a_token_with_the_word_s_span_and_what_the_encoder_reads(models, folder):
    own = vectors(3, 32)
    save_file({"emb_params": own}, folder / "My-Word.safetensors")
    found = read(models, "sd")
    span = find_span(PROMPT, "my-word")
    places = found.positions(span)
    before = found.positions(find_span(PROMPT, "and"))[-1]
    assert places == (before + 1, before + 2, before + 3)
    # The same by hand: three other words' rows of the real encoder's table are those vectors.
    family = models.load("sd", "cpu")
    reader = family.readers[0]
    tokenized = reader.tokenize("a lake and ! ! !, sky")
    table = reader.encoder.get_input_embeddings()
    marks = [
        place for place, offset in enumerate(tokenized.offsets) if offset and tokenized.prompt[slice(*offset)] == "!"
    ]
    inputs = table(torch.from_numpy(tokenized.input_ids)).detach()
    inputs[0, marks] = own
    handle = table.register_forward_hook(lambda _module, _args, _out: inputs)
    try:
        with torch.no_grad():
            expected = reader.encoder(torch.from_numpy(tokenized.input_ids))[0]
    finally:
        handle.remove()
    assert marks == list(places)
    torch.testing.assert_close(found.rows[1:].float(), expected, atol=1e-5, rtol=1e-5)
    assert not table._forward_hooks


def test_it_is_stock_diffusers_textual_inversion(models, folder):
    from diffusers import StableDiffusionXLPipeline

    first, second = vectors(2, 32), vectors(2, 32, seed=8)
    save_file({"clip_l": first, "clip_g": second}, folder / "my-word.safetensors")
    found = read(models, "xl")
    pipeline = tiny_sdxl()
    for vector, part in ((first, ""), (second, "_2")):
        pipeline.load_textual_inversion(
            vector,
            token="my-word",
            tokenizer=getattr(pipeline, f"tokenizer{part}"),
            text_encoder=getattr(pipeline, f"text_encoder{part}"),
        )
    assert isinstance(pipeline, StableDiffusionXLPipeline)
    with torch.no_grad():
        positive, _, sentence, _ = pipeline.encode_prompt(PROMPT, do_classifier_free_guidance=False)
    torch.testing.assert_close(found.rows[1:].float(), positive, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(found.pooled[1:].float(), sentence, atol=1e-5, rtol=1e-5)
    assert len(found.positions(find_span(PROMPT, "my-word"))) == 2


@pytest.mark.parametrize("prompt", ["a lake and MY-WORD, sky", "a lake and embedding:my-word, sky"])
def test_a_painted_word_steers_all_its_vectors_and_the_next_run_without_it_is_as_ever(models, folder, prompt):
    plain = run(models, ask("sd", prompt))
    save_file({"<my-word>": vectors(4, 32)}, folder / "my-word.safetensors")
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255
    words = (PaintedWord(span=find_span(prompt, "my-word"), mask=mask),)
    other = run(models, ask("sd", prompt))
    painted = run(models, ask("sd", prompt, words=words))
    assert not np.array_equal(plain, other) and not np.array_equal(other, painted)
    assert np.array_equal(run(models, ask("sd", prompt)), other)
    assert not np.array_equal(run(models, ask("sd", "a lake", negative="my-word")), run(models, ask("sd", "a lake")))
    (folder / "my-word.safetensors").unlink()
    assert np.array_equal(run(models, ask("sd", prompt)), plain)


def fault(models, request):
    last = list(generate(request, library=models))[-1]
    assert isinstance(last, Failed), last
    return last.error


def test_a_wrong_width_is_named_and_a_word_for_one_encoder_does_not_do_for_two(models, folder):
    save_file({"emb_params": vectors(1, 48)}, folder / "my-word.safetensors")
    error = fault(models, ask("sd"))
    assert isinstance(error, UnsupportedModel) and "48" in error.message and "32" in error.message and error.hint
    save_file({"emb_params": vectors(1, 32)}, folder / "my-word.safetensors")
    assert "none for the model's text encoder" in fault(models, ask("xl")).message
    save_file({"clip_l": vectors(1, 32), "clip_g": vectors(2, 32)}, folder / "my-word.safetensors")
    assert "more vectors for one" in fault(models, ask("xl")).message
    assert run(models, ask("xl", "a lake")).shape == (64, 64, 3)


def test_a_pickle_is_refused_with_the_reason_only_where_its_word_is_used(models, folder):
    (folder / "my-word.pt").write_bytes(b"\x80\x02}q\x00.")
    error = fault(models, ask("sd"))
    assert isinstance(error, UnsafeModel) and "pickle" in error.message and "safetensors" in error.hint
    assert run(models, ask("sd", "a lake and sky")).shape == (64, 64, 3)
    save_file({"emb_params": vectors(1, 32)}, folder / "my-word.safetensors")  # then that is taken
    assert run(models, ask("sd")).shape == (64, 64, 3)


@pytest.mark.parametrize("kind", ["cut", "nan", "other"])
def test_a_file_that_is_damaged_or_something_else_says_so(models, folder, kind):
    file = folder / "my-word.safetensors"
    if kind == "cut":
        file.write_bytes(b"\x08\0")
    elif kind == "nan":
        save_file({"emb_params": torch.full((1, 32), torch.nan)}, file)
    else:
        save_file({"a": vectors(1, 32), "b": vectors(1, 32)}, file)
    error = fault(models, ask("sd"))
    assert isinstance(error, UnsupportedModel if kind == "other" else ModelIncomplete)
    assert "my-word" in error.message and error.hint


def test_folders_of_programs_and_beside_models_are_looked_into_and_diffusers_files_have_their_word(tmp_path):
    library = Library(tmp_path / "own" / "models")
    library.folder.mkdir(parents=True)
    comfy, webui = tmp_path / "ComfyUI", tmp_path / "webui"
    for path in (comfy / "models/checkpoints", webui / "models/Stable-diffusion", tmp_path / "mine"):
        path.mkdir(parents=True)
    (library.folder / ".models.json").write_text(json.dumps({"paths": [str(comfy), str(webui / "models")]}))
    for file in (
        comfy / "models/embeddings/deep/one.safetensors", webui / "embeddings/two.safetensors",
        tmp_path / "mine/embeddings/learned_embeds.safetensors", library.folder.parent / "embeddings/four.safetensors",
    ):  # fmt: skip
        file.parent.mkdir(parents=True, exist_ok=True)
        save_file({"<cat-toy>": vectors(1, 32)}, file)
    found = list_embeddings(library.folders_of("embeddings", tmp_path / "mine" / "model.safetensors"))
    assert sorted(found) == ["<cat-toy>", "four", "one", "two"]
    assert read_word("one", found["one"]).vectors[""].shape == (1, 32)


def test_where_they_stand_in_a_text():
    text = "Cat-toy, a cat and embedding:cat-toy; catalog"
    assert spans_of(text, ["cat", "cat-toy"]) == (((0, 7), "cat-toy"), ((11, 14), "cat"), ((19, 36), "cat-toy"))
