"""A picture is described by names, or by the model's own vision-language encoder: the real classes, at small widths."""

from __future__ import annotations

import json
import shutil
import threading

import numpy as np
import pytest
import torch
from transformers import Qwen3VLForConditionalGeneration, Qwen3VLModel

from engine.describing import describing, drawn, seeing
from engine.describing.describing import DescribingCancelled, describe, missing
from engine.describing.seeing import Answer, Seer
from engine.errors import BadReference, UnsupportedModel
from engine.masking import finding
from engine.models.eyes import EYES, eyes_of
from engine.models.library import Library
from engine.protocol import PictureQuestion, WordSearch
from tests.colour_recogniser import landscape, recogniser_of_colours
from tests.tiny_qwen_image import qwen3_vl_config, save_qwen_image
from tests.tiny_transformers import tiny_qwen_tokenizer

RGB = np.random.default_rng(0).integers(0, 256, (60, 90, 3), np.uint8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Qwen-Image whose encoder can be asked about pictures."""
    folder = save_qwen_image(tmp_path_factory.mktemp("sees") / "qwen", sees=True)
    (folder / "wordbrush.json").write_text(json.dumps({"size": [64, 64]}))
    return folder


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return Library(tmp_path_factory.mktemp("none"))


@pytest.fixture(scope="module")
def seer(folder, library) -> Seer:
    return seeing.load(library.inspect(folder), torch.device("cpu"))


def answering(monkeypatch, text: str, size=(84, 56)) -> list[str]:
    """The model answers with this; the questions that it was asked."""
    asked: list[str] = []

    def ask(self, rgb, question, **how):
        asked.append(question)
        return Answer(text, size)

    monkeypatch.setattr(Seer, "ask", ask)
    return asked


def test_the_real_class_reads_a_picture_and_writes_what_stock_generation_writes(seer, folder):
    assert type(seer.model).__name__ == "Qwen2_5_VLForConditionalGeneration"
    shares: list[float] = []
    answer = seer.ask(RGB, "What is it?", tokens=5, told=shares.append)
    assert answer.size == (84, 56) and len(shares) == 5 and shares[-1] == 1.0
    pixels, grid, _size = seer._seen(RGB)
    assert pixels.shape == (int(grid.prod()), 3 * 2 * 14 * 14)
    ids = seer._tokens("What is it?", int(grid.prod()) // 4)
    config = seer.model.config
    assert int((ids == config.image_token_id).sum()) == 6 and ids.max() < config.text_config.vocab_size
    # A picture of another kind is another answer's ground: the eyes are read.
    with torch.inference_mode():
        how = {"input_ids": ids, "mm_token_type_ids": (ids == config.image_token_id).int(), "image_grid_thw": grid}
        one, other = (seer.model(pixel_values=pixels * sign, **how).logits[0, -1] for sign in (1, -1))
    assert not torch.equal(one, other)
    by_hand = []
    with torch.inference_mode():
        for _ in range(5):
            kinds = (ids == config.image_token_id).int()
            logits = seer.model(input_ids=ids, mm_token_type_ids=kinds, image_grid_thw=grid, pixel_values=pixels).logits
            by_hand.append(int(logits[0, -1].argmax()))
            ids = torch.cat([ids, logits[:, -1].argmax(-1, keepdim=True)], dim=1)
    assert answer.text == seer.tokenizer.decode(by_hand, skip_special_tokens=True)


def test_what_a_random_model_says_ends_in_no_error_and_nothing_stays_behind(folder, library, monkeypatch):
    monkeypatch.setattr(seeing, "TOKENS", 4)
    sought: list[WordSearch] = []

    def find(search, **how):
        sought.append(search)
        raise UnsupportedModel("It shows no places.", hint="")

    news: list[tuple[str, float]] = []
    told = describe(PictureQuestion(rgb=RGB, model=str(folder), device="cpu"), library=library, find=find,
                    progress=lambda text, share: news.append((text, share)))  # fmt: skip
    assert told.words == () and all(search.prompt == told.caption for search in sought), "a caption alone"
    assert news[0] == ("Loading the model", 0.0) and ("Looking at the picture", 0.8) in news
    assert [share for _text, share in news[:4]] == sorted(share for _text, share in news[:4])


def test_boxes_become_words_with_paint(folder, library, monkeypatch):
    asked = answering(
        monkeypatch, '[{"bbox_2d": [0, 0, 84, 28], "label": "sky"}, {"bbox_2d": [0, 28, 84, 56], "label": "lake"}]'
    )
    question = PictureQuestion(rgb=RGB, model=str(folder), device="cpu")
    told = describe(question, library=library)
    assert told.caption == "sky, lake" and asked == [describing.DESCRIBE]
    assert bool((told.words[0].mask[:30] == 255).all()) and told.words[1].area == 0.5
    gone = missing(
        PictureQuestion(rgb=RGB, phrases=("a lake", "blue sky", "two boats"), model=str(folder)), library=library
    )
    assert gone == (False, False, True) and "a lake; blue sky; two boats" in asked[-1]
    answering(monkeypatch, "```json\n[]\n```")
    assert missing(PictureQuestion(rgb=RGB, phrases=("x",) * 33, model=str(folder)), library=library) == (True,) * 33
    answering(monkeypatch, "I cannot say.")
    with pytest.raises(UnsupportedModel, match="does not say"):
        missing(PictureQuestion(rgb=RGB, phrases=("lake",), model=str(folder)), library=library)


def test_words_without_boxes_are_looked_for_in_the_picture(folder, library, monkeypatch):
    answering(monkeypatch, "A lake and a sky.")
    question = PictureQuestion(rgb=RGB, model=str(folder), device="cpu")
    told = describe(question, library=library, find=finding.find)
    assert told.caption == "A lake and a sky"
    assert {told.caption[slice(*word.span)] for word in told.words} <= {"lake", "sky"}
    assert all(word.mask.shape == RGB.shape[:2] for word in told.words)


def test_a_model_with_names_tells_those(library, monkeypatch):
    rgb, places = landscape()
    judge = recogniser_of_colours()
    monkeypatch.setattr(drawn, "recogniser", lambda: judge)
    told = describe(PictureQuestion(rgb=rgb), library=library)
    named = set(told.caption.split(", "))
    assert named and named <= set(places) and named <= set(library.inspect("starter").names)
    assert missing(PictureQuestion(rgb=rgb, phrases=("house", "a dragon")), library=library) == (False, False)


def test_files_without_eyes_say_so(folder, library, tmp_path, monkeypatch):
    blind = tmp_path / "blind"
    shutil.copytree(folder, blind)
    config = blind / "text_encoder" / "config.json"
    assert library.inspect(blind).sees
    monkeypatch.setattr(seeing, "read_header", lambda file, part: {"model.language_model.norm.weight": {}})
    with pytest.raises(UnsupportedModel, match="lack the vision part"):
        describe(PictureQuestion(rgb=RGB, model=str(blind)), library=library)
    config.write_text(config.read_text().replace("Qwen2_5_VLForConditionalGeneration", "Qwen2_5_VLTextModel"))
    assert not library.inspect(blind).sees
    with pytest.raises(UnsupportedModel, match="lack the vision part"):
        describe(PictureQuestion(rgb=RGB, model=str(blind)), library=library)


def test_bad_pictures_and_questions_are_refused_and_a_description_is_stopped(folder, library):
    for rgb in (RGB[..., 0], RGB.astype(np.float32), RGB[:8], np.zeros((16, 1700, 3), np.uint8)):
        with pytest.raises(BadReference):
            describe(PictureQuestion(rgb=rgb, model=str(folder)), library=library)
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(DescribingCancelled):
        describe(PictureQuestion(rgb=RGB, model=str(folder)), library=library, cancel=stopped)


def test_an_answer_is_stopped_between_its_tokens(seer):
    def stop() -> None:
        raise DescribingCancelled

    with pytest.raises(DescribingCancelled):
        seer.ask(RGB, "What is it?", tokens=4, check=stop)


@pytest.mark.parametrize("headless", [False, True])
def test_qwen3_vl_sees_too_where_it_has_words_to_say_it(headless, tmp_path):
    tokenizer = tiny_qwen_tokenizer()
    config = qwen3_vl_config(tokenizer, layers=1, sees=True)
    config.tie_word_embeddings = config.text_config.tie_word_embeddings = headless
    torch.manual_seed(0)
    kind = Qwen3VLModel if headless else Qwen3VLForConditionalGeneration
    kind(config).eval().save_pretrained(tmp_path / "text_encoder")
    eyes = eyes_of(tmp_path)
    assert eyes is EYES["Qwen3VLForConditionalGeneration"]
    model = Qwen3VLForConditionalGeneration.from_pretrained(tmp_path / "text_encoder").eval()
    answer = Seer(model, tokenizer, eyes).ask(RGB, "What is it?", tokens=3)
    assert answer.size == (1000, 1000), "coordinates are shares of the picture"
    about = json.loads((tmp_path / "text_encoder" / "config.json").read_text())
    about["tie_word_embeddings"] = about["text_config"]["tie_word_embeddings"] = False
    (tmp_path / "text_encoder" / "config.json").write_text(json.dumps(about))
    assert (eyes_of(tmp_path) is None) is headless, "without a head there are no words"
