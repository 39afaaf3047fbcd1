"""A word is taught on real classes at small widths: what is learnt, and what its files are to stock loaders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from engine import GenerateRequest, Library, PaintedWord, find_span, generate
from engine.errors import BadReference, BadRequest, EngineError, ModelIncomplete, ModelNotFound, UnsupportedModel
from engine.models.adapters.choosing import chosen_adapters
from engine.models.taught import with_taught
from engine.models.word_note import note_in
from engine.protocol import Lora
from engine.teaching import checkpoint, lessons, samples, teacher
from engine.teaching.changes import WordChanges
from engine.teaching.events import GO, PAUSE, WAIT, Paused, Sampled, Stepped, Taught, Waiting
from engine.teaching.lesson import CUSTOM, EMBEDDING, LORA, Lesson, read_lesson
from engine.teaching.painted import LessonAttention, gains
from engine.teaching.samples import LessonLibrary
from resources.pictures import read_picture
from tests.engine.models.adapters.test_using import picture
from tests.tiny import tiny_pipeline, tiny_unet
from tests.tiny_sdxl import save_sdxl, tiny_sdxl

WORD = "my-wug"
KEYS_AND_VALUES = ("attn2.to_k", "attn2.to_v")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    """Four pictures of a red disc, one with a caption, one with a mask."""
    folder = tmp_path_factory.mktemp("pictures")
    y, x = np.mgrid[:80, :80]
    for number in range(4):
        rgb = np.full((80, 80, 3), 60 + 50 * number, np.uint8)
        rgb[(x - 40) ** 2 + (y - 36 - 4 * number) ** 2 < 500] = (210, 20, 30)
        Image.fromarray(rgb).save(folder / f"{number}.png")
    area = ((x - 40) ** 2 + (y - 44) ** 2 < 500) * 255
    Image.fromarray(area.astype(np.uint8)).save(folder / "2-masklabel.png")
    (folder / "1.txt").write_text(f"a {WORD} and a lake", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory, tiny_sd_folder) -> LessonLibrary:
    """A library with a small SD and a small SDXL, which all tests share."""
    library = LessonLibrary(tmp_path_factory.mktemp("home") / "models")
    library.folder.mkdir()
    (library.folder / "sd").symlink_to(tiny_sd_folder)
    save_sdxl(library.folder / "xl")
    return library


@pytest.fixture(autouse=True)
def nothing_taught(models):
    """Words and lessons of one test are none of the next one's."""
    yield
    for kind in ("embeddings", "loras"):
        for file in (models.folder.parent / kind).glob("*.safetensors"):
            file.unlink()
    for each in lessons.begun(models):
        lessons.give_up(each.lesson.word, models)


def lesson(method: str = EMBEDDING, **fields) -> Lesson:
    values = {"word": WORD, "model": "sd", "method": method, "size": (64, 64), "steps": 3, "batch": 2, "rank": 2}
    return Lesson(**{**values, "vectors": 2, **fields})


def learn(models, pictures, asked: Lesson, **how):
    """Teach it from the start; returns all events."""
    began, folder = lessons.begin(asked, [pictures], models)
    return list(teacher.teach(began, folder, models, device="cpu", **{"samples": 0, **how}))


def request(prompt: str, model: str = "sd", **fields) -> GenerateRequest:
    return GenerateRequest.of(id="1", prompt=prompt, width=64, height=64, steps=2, model=model, device="cpu", **fields)


# --- what comes of it -----------------------------------------------------------------------------------------------


def test_an_embedding_is_what_stock_diffusers_loads_and_the_model_reads(models, pictures):
    events = learn(models, pictures, lesson(), samples=1)
    assert [event.step for event in events if isinstance(event, Stepped)] == [1, 2, 3]
    shown = next(event for event in events if isinstance(event, Sampled))
    assert read_picture(shown.file).size == (64, 64) and shown.step == 3
    (file,) = next(event for event in events if isinstance(event, Taught)).files
    own = load_file(file)[WORD]
    pipeline = tiny_pipeline()
    pipeline.load_textual_inversion(str(file))
    ids = pipeline.tokenizer(f"a {WORD} {WORD}_1", add_special_tokens=False)["input_ids"]
    table = pipeline.text_encoder.get_input_embeddings().weight
    assert torch.equal(table[ids[-2:]], own) and own.shape == (2, 32)
    note = note_in(file)
    assert note is not None and (note.word, note.method, note.model, note.adapter) == (WORD, EMBEDDING, "sd", "")
    facts = models.inspect("sd")
    assert with_taught(facts.travelling(), facts, models).taught == (WORD,)
    assert not with_taught(models.inspect("xl"), models.inspect("xl"), models).taught, "its width is another one"
    prompt = f"a {WORD} and sky"
    assert not np.array_equal(
        picture(list(generate(request(prompt), library=models))),
        picture(list(generate(request(prompt.replace(WORD, "lake")), library=models))),
    )


@pytest.mark.parametrize("method", [CUSTOM, LORA])
def test_changes_are_what_stock_diffusers_loads_as_a_lora(models, pictures, method):
    events = learn(models, pictures, lesson(method, class_word="lake", class_pictures=0))
    embedding, file = events[-1].files
    assert note_in(embedding).adapter == WORD and note_in(file).word == WORD
    tensors = load_file(file)
    layers = {name.removeprefix("unet.").rsplit(".lora_", 1)[0] for name in tensors}
    of_text = {layer for layer in layers if layer.endswith(KEYS_AND_VALUES)}
    assert of_text and (layers == of_text) == (method == CUSTOM)
    assert any(bool(value.any()) for name, value in tensors.items() if "lora_B" in name), "it learnt something"
    pipeline = tiny_pipeline()
    pipeline.load_lora_weights(str(file))
    # Where every token is the word's, what was trained is what stock diffusers makes of the file.
    unet = tiny_unet()
    unet.load_state_dict(models.load("sd", "cpu").unet.state_dict())
    changes = WordChanges(unet, method, 2)
    for index, layer in enumerate(changes.layers):
        changes.down[index].data = tensors[f"unet.{layer}.lora_A.weight"].float()
        changes.up[index].data = tensors[f"unet.{layer}.lora_B.weight"].float()
    generator = torch.Generator().manual_seed(1)
    x, text = torch.randn(1, 4, 16, 16, generator=generator), torch.randn(1, 5, 32, generator=generator)
    with torch.no_grad():
        changes.tokens = torch.ones(1, 5, 1)
        ours, stock = unet(x, 10, text).sample, pipeline.unet(x, 10, text).sample
        torch.testing.assert_close(ours, stock, atol=1e-4, rtol=1e-4)
        changes.tokens = torch.zeros(1, 5, 1)
        plain = tiny_pipeline().unet(x, 10, text).sample
        unchanged = torch.allclose(unet(x, 10, text).sample, plain, atol=1e-6)
    assert unchanged == (method == CUSTOM), "other words keep their keys and values"


def test_a_word_for_two_encoders_has_vectors_for_both(models, pictures):
    events = learn(models, pictures, lesson(CUSTOM, model="xl"))
    tensors = load_file(events[-1].files[0])
    assert {name: tuple(each.shape) for name, each in tensors.items()} == {"clip_l": (2, 32), "clip_g": (2, 32)}
    pipeline = tiny_sdxl()
    for key, part in (("clip_l", ""), ("clip_g", "_2")):
        encoder, tokenizer = getattr(pipeline, f"text_encoder{part}"), getattr(pipeline, f"tokenizer{part}")
        pipeline.load_textual_inversion(tensors[key], token=WORD, tokenizer=tokenizer, text_encoder=encoder)
    pipeline.load_lora_weights(str(events[-1].files[1]))
    assert picture(list(generate(request(f"a {WORD}", "xl"), library=models))).shape == (64, 64, 3)


def test_the_error_falls_for_the_word_and_all_else_in_the_model_stays(models, pictures):
    family = models.load("sd", "cpu")
    before = {name: each.clone() for name, each in family.unet.state_dict().items()}
    losses = [
        event.loss
        for event in learn(models, pictures, lesson(LORA, steps=24, batch=4, rate=0.02))
        if isinstance(event, Stepped)
    ]
    assert sum(losses[-6:]) < 0.97 * sum(losses[:6])
    assert all(torch.equal(each, before[name]) for name, each in family.unet.state_dict().items())
    assert not any(module._forward_hooks for module in family.unet.modules() if isinstance(module, torch.nn.Linear))


def test_class_pictures_are_made_once_by_the_model_as_it_is_and_count_with_their_weight(models, pictures, monkeypatch):
    read: list[list[str]] = []
    original = teacher.CaptionReader.__call__
    monkeypatch.setattr(
        teacher.CaptionReader, "__call__", lambda self, texts: read.append(texts) or original(self, texts)
    )
    asked = lesson(LORA, class_word="lake", class_pictures=2, steps=2)
    began, folder = lessons.begin(asked, [pictures], models)
    made = []
    draw = samples.class_picture
    monkeypatch.setattr(teacher, "class_picture", lambda *args: made.append(args[3]) or draw(*args))
    wishes = iter([GO, GO, GO, PAUSE])
    list(teacher.teach(began, folder, models, device="cpu", samples=0, wish=lambda: next(wishes)))
    plain = picture(list(generate(request("a lake", seed=1).replace(steps=20), library=models)))
    assert np.array_equal(np.asarray(read_picture(folder / "class" / "000.png")), plain)
    events = list(teacher.teach(*lessons.go_on(WORD, models), models, device="cpu", samples=0, resume=True))
    assert isinstance(events[-1], Taught) and made == [0, 1]
    for texts in read:
        assert len(texts) == 4 and all(WORD in text for text in texts[:2])
        assert all("lake" in text and WORD not in text for text in texts[2:])


def test_a_caption_says_what_else_is_seen(models, pictures, monkeypatch):
    read: list[str] = []
    original = teacher.CaptionReader.__call__
    monkeypatch.setattr(
        teacher.CaptionReader, "__call__", lambda self, texts: read.extend(texts) or original(self, texts)
    )
    learn(models, pictures, lesson(steps=6))
    assert f"a {WORD} and a lake" in read and all(WORD in text for text in read) and len(set(read)) > 3


@torch.no_grad()
def test_attention_in_a_lesson_is_the_stock_one_and_painted_what_pictures_have(models):
    family = models.load("sd", "cpu")
    unet, generator = family.unet, torch.Generator().manual_seed(2)
    x, text = torch.randn(2, 4, 8, 8, generator=generator), torch.randn(2, 6, 32, generator=generator)
    tokens = torch.zeros(2, 6, 1)
    tokens[:, 2] = 1
    area = torch.zeros(2, 1, 8, 8)
    area[..., :4] = 1
    sigma = torch.tensor([3.0, 3.0])
    attention = LessonAttention(unet)
    weights = gains(0.5, sigma) * torch.tensor([0.0, 1.0])
    attention.begin(weights, area, tokens, None)
    ours = unet(x, 500, text).sample
    attention.end()
    torch.testing.assert_close(ours[:1], unet(x, 500, text).sample[:1], atol=1e-5, rtol=1e-5)
    paint = [torch.zeros(4**n * 4, 6) for n in (2, 1, 0)]
    for each, side in zip(paint, (8, 4, 2), strict=True):
        each.view(side, side, 6)[:, : side // 2, 2] = 1
    family.control.begin(context=text, conditional_rows=(1,), paint=paint, law="ediffi", paint_weight=0.5)
    family.control.set_step(sigma=3.0, fraction=0.0)
    torch.testing.assert_close(ours, unet(x, 500, text).sample, atol=1e-4, rtol=1e-4)
    family.control.end()


# --- stopping and going on ------------------------------------------------------------------------------------------


def test_a_lesson_that_was_stopped_ends_as_one_that_was_not(models, pictures, tmp_path):
    whole = learn(models, pictures, lesson(CUSTOM, steps=5))[-1]
    expected = [load_file(file) for file in whole.files]
    lessons.forget(WORD, models)
    began, folder = lessons.begin(lesson(CUSTOM, steps=5), [pictures], models)
    wishes = iter([GO, WAIT, WAIT, GO, GO, GO, PAUSE])
    events = list(teacher.teach(began, folder, models, device="cpu", samples=0, wish=lambda: next(wishes)))
    assert [type(event) for event in events[-5:]] == [Stepped, Waiting, Stepped, Stepped, Paused][-5:]
    assert events[-1] == Paused(3)
    (left,) = lessons.begun(models)
    assert (left.lesson, left.step) == (began, 3) and not (
        models.folder.parent / "embeddings" / f"{WORD}.safetensors"
    ).exists()
    events = list(teacher.teach(*lessons.go_on(WORD, models), models, device="cpu", samples=0, resume=True))
    assert [event.step for event in events if isinstance(event, Stepped)] == [4, 5]
    for file, tensors in zip(events[-1].files, expected, strict=True):
        found = load_file(file)
        assert found.keys() == tensors.keys() and all(torch.equal(found[name], tensors[name]) for name in found)
    assert not lessons.begun(models) and not (folder / checkpoint.NAME).exists()


def test_a_damaged_checkpoint_gives_way_to_the_one_before_and_two_are_said(models, pictures, monkeypatch):
    monkeypatch.setattr(teacher, "_EVERY", -1.0)
    began, folder = lessons.begin(lesson(steps=4), [pictures], models)
    wishes = iter([GO, GO, PAUSE])
    list(teacher.teach(began, folder, models, device="cpu", samples=0, wish=lambda: next(wishes)))
    newest, before = folder / checkpoint.NAME, folder / "checkpoint-before.safetensors"
    data = bytearray(newest.read_bytes())
    data[-3] ^= 1
    newest.write_bytes(data)
    events = list(teacher.teach(began, folder, models, device="cpu", samples=0, wish=lambda: PAUSE, resume=True))
    assert events[-1] == Paused(2), "one bit is enough"
    for file in (newest, before):
        file.write_bytes(b"nothing")
    with pytest.raises(ModelIncomplete, match="damaged"):
        list(teacher.teach(began, folder, models, device="cpu", samples=0, resume=True))


# --- in a picture ---------------------------------------------------------------------------------------------------


def test_each_word_brings_its_changes_to_its_own_tokens_and_paint(models, pictures):
    learn(models, pictures, lesson(CUSTOM))
    others = [pictures / f"{number}.png" for number in (0, 2, 3)]  # without a caption of the first word
    list(
        teacher.teach(
            *lessons.begin(lesson(CUSTOM, word="blip", seed=1), others, models), models, device="cpu", samples=0
        )
    )
    folders = lambda: models.folders_of("loras")  # noqa: E731
    prompt = f"a {WORD} and a blip by a lake"
    mask = np.zeros((64, 64), np.uint8)
    mask[:32] = 255
    word = PaintedWord(span=find_span(prompt, WORD), mask=mask)

    def chosen(**fields):
        asked = request(prompt, **fields)
        learnt = models.learnt_words((prompt,), models.inspect("sd").path)
        return {each.source.name: each for each in chosen_adapters(asked, folders, learnt)}

    found = chosen(words=(word,))
    assert set(found) == {WORD, "blip"}
    assert found[WORD].word[0] == word.span and np.array_equal(found[WORD].word[1], mask)
    assert found["blip"].word[0] == find_span(prompt, "blip") and found["blip"].word[1].all(), "it has no paint"
    pushed = chosen(words=(PaintedWord(span=word.span, mask=mask, strength=-1.0),))
    assert not pushed[WORD].word[1].any()
    assert chosen(loras=(Lora(file=WORD, weight=0.5),))[WORD].weight == 0.5, "the request's own goes first"
    (models.folder.parent / "loras" / "blip.safetensors").unlink()
    with pytest.raises(ModelNotFound, match="blip"):
        chosen()


def test_a_picture_without_the_word_is_as_it_was_and_an_edit_of_words_is_refused(models, pictures):
    plain = picture(list(generate(request("a lake and sky"), library=models)))
    learn(models, pictures, lesson(LORA, rate=0.01, steps=4))
    assert np.array_equal(picture(list(generate(request("a lake and sky"), library=models))), plain)
    from engine.protocol import Failed, PromptEdit

    last = list(generate(request(f"a {WORD} and sky", edit=PromptEdit(prompt="a lake and sky")), library=models))[-1]
    assert isinstance(last, Failed) and isinstance(last.error, BadRequest) and WORD in last.error.message


# --- what will not do -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields, said",
    [
        ({"word": "a"}, "cannot be the name"),
        ({"word": "../wug"}, "cannot be the name"),
        ({"method": "magic"}, "no method"),
        ({"steps": 10**6}, '"steps" is'),
        ({"rank": 0}, '"rank" is'),
        ({"rate": float("nan")}, '"rate" is'),
        ({"size": (63, 64)}, "63x64"),
        ({"class_pictures": 3}, "kind is known"),
        ({"model": "starter", "word": "house", "size": (256, 256)}, "the model knows"),
    ],
)
def test_values_that_make_no_sense_are_named(models, pictures, fields, said):
    with pytest.raises(BadRequest, match=said) as caught:
        lessons.begin(lesson(**fields), [pictures], models)
    assert caught.value.hint and not lessons.begun(models)


def test_pictures_that_will_not_do_are_named(models, pictures, tmp_path):
    with pytest.raises(BadRequest, match="There is 1 picture"):
        lessons.begin(lesson(), [pictures / "0.png"], models)
    with pytest.raises(BadRequest, match="21 pictures"):
        for number in range(21):
            (tmp_path / f"{number}.png").write_bytes((pictures / "0.png").read_bytes())
        lessons.begin(lesson(), [tmp_path], models)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(BadReference, match=r"broken\.png"):
        lessons.begin(lesson(), [pictures, broken], models)
    (tmp_path / "0.txt").write_text("a lake", encoding="utf-8")
    with pytest.raises(BadRequest, match=r"0\.txt"):
        lessons.begin(lesson(), [tmp_path / "0.png", tmp_path / "1.png", tmp_path / "2.png"], models)
    with pytest.raises(BadRequest, match="no picture or folder"):
        lessons.begin(lesson(), [tmp_path / "gone"], models)


def test_a_name_that_is_taken_and_a_full_disk_are_said(models, pictures, monkeypatch):
    learn(models, pictures, lesson(steps=1))
    with pytest.raises(BadRequest, match="already a word"):
        lessons.begin(lesson(word=WORD.upper()), [pictures], models)
    lessons.forget(WORD, models)
    with pytest.raises(BadRequest, match="No word"):
        lessons.forget(WORD, models)
    usage = type("usage", (), {"free": 1000})
    monkeypatch.setattr(lessons.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(EngineError, match="no room"):
        lessons.begin(lesson(), [pictures], models)


def test_models_that_cannot_be_taught_say_why(models, pictures, tmp_path, tiny_sd_folder):
    from tests.tiny_sdxl import save_refiner

    save_refiner(tmp_path / "refiner")
    with pytest.raises(UnsupportedModel, match="Stable Diffusion 1, 2 or XL"):
        lessons.begin(lesson(model=str(tmp_path / "refiner")), [pictures], models)
    import shutil

    shutil.copytree(tiny_sd_folder, tmp_path / "lcm")
    config = tmp_path / "lcm" / "scheduler" / "scheduler_config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"_class_name": "LCMScheduler"}))
    with pytest.raises(UnsupportedModel, match="few steps"):
        lessons.begin(lesson(model=str(tmp_path / "lcm")), [pictures], Library(tmp_path / "models"))


def test_a_lesson_that_cannot_be_read_is_left_out(models, pictures):
    _, folder = lessons.begin(lesson(), [pictures], models)
    assert read_lesson(folder) == lessons.begun(models)[0].lesson
    (folder / "lesson.json").write_text('{"version": 1, "word": "x", "model": 7}')
    assert lessons.begun(models) == ()
    with pytest.raises(ModelIncomplete):
        lessons.go_on(WORD, models)
