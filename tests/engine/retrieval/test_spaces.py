"""Which encoders are chosen, and that pictures and words come out as transformers' own classes make them."""

import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import ModelIncomplete
from engine.models.library import Library
from engine.retrieval import spaces
from engine.retrieval.finder import Finder
from engine.retrieval.readers import open_reader
from engine.retrieval.spaces import ANY_TEXT, FILE_NAMES, HALVES, OWN, PICTURES, WHOLE, choose
from tests.tiny import tiny_text_encoder, tiny_tokenizer
from tests.tiny_ip_adapters import HIDDEN, PROJECTED, save_encoder
from tests.tiny_sdxl import tiny_sdxl

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def sdxl(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdxl") / "tiny-xl"
    tiny_sdxl().save_pretrained(folder, safe_serialization=True)
    return folder


@pytest.fixture
def library(tmp_path, sdxl):
    models = tmp_path / "models"
    models.mkdir()
    shutil.copytree(sdxl, models / "tiny-xl")
    return Library(models)


def save_clip(folder, seed=0):
    """A whole CLIP of both halves, as transformers writes one, and its network."""
    from transformers import CLIPConfig, CLIPModel, CLIPTextConfig, CLIPVisionConfig

    tokenizer = tiny_tokenizer()
    text = tiny_text_encoder(tokenizer).config.to_dict()
    vision = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4}
    torch.manual_seed(seed)
    config = CLIPConfig(
        text_config=CLIPTextConfig(**{**text, "projection_dim": 16}).to_dict(),
        vision_config=CLIPVisionConfig(**vision, image_size=32, patch_size=8, projection_dim=16).to_dict(),
        projection_dim=16,
    )
    clip = CLIPModel(config).eval()
    clip.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    return clip


def test_a_whole_clip_reads_pictures_and_words_as_transformers_does(library, tmp_path):
    from engine.models.ip_adapters.reading import prepared

    clip = save_clip(tmp_path / "clip_vision" / "own-clip")
    space = choose("tiny-xl", library)
    assert (space.kind, space.words, space.name, space.width) == (WHOLE, ANY_TEXT, "own-clip", 16)
    reader = open_reader(space, CPU)
    rgb = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    ids = tiny_tokenizer()("a lake", padding="max_length", return_tensors="pt").input_ids
    with torch.no_grad():
        seen = clip.get_image_features(pixel_values=torch.from_numpy(prepared(rgb, 32))[None]).pooler_output
        read = clip.get_text_features(input_ids=ids).pooler_output
    assert np.allclose(reader.pictures([rgb])[0], seen[0], atol=1e-5)
    assert np.allclose(reader.text("a lake"), read[0], atol=1e-5)


def test_halves_that_belong_together_read_words_and_others_do_not(library, tmp_path, monkeypatch):
    from transformers import CLIPTextModelWithProjection

    save_encoder(tmp_path / "ip_adapters" / "image_encoder")
    space = choose("tiny-xl", library)
    assert (space.kind, space.words, space.width) == (PICTURES, FILE_NAMES, PROJECTED)
    assert open_reader(space, CPU).text("a lake") is None
    monkeypatch.setitem(spaces._PAIRS, (32, 2, PROJECTED), (HIDDEN, 3))
    both = choose("tiny-xl", library)
    assert (both.kind, both.words, both.suffix) == (HALVES, ANY_TEXT, "_2") and both.key != space.key
    encoder = CLIPTextModelWithProjection.from_pretrained(tmp_path / "models" / "tiny-xl" / "text_encoder_2").eval()
    ids = tiny_tokenizer()("a lake", padding="max_length", return_tensors="pt").input_ids
    with torch.no_grad():
        right = encoder(ids).text_embeds[0]
    assert np.allclose(open_reader(both, CPU).text("a lake"), right, atol=1e-5)


def test_without_any_encoder_the_starters_compares_pictures(library):
    space = choose("tiny-xl", library)
    assert (space.kind, space.name) == (OWN, "starter")


def test_a_damaged_whole_clip_is_told(library, tmp_path):
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "clip_vision" / "own-clip"
    save_clip(folder)
    tensors = load_file(folder / "model.safetensors")
    save_file({k: v for k, v in tensors.items() if "text_projection" not in k}, folder / "model.safetensors")
    reader = open_reader(choose("tiny-xl", library), CPU)
    with pytest.raises(ModelIncomplete, match="own-clip"):
        reader.text("a lake")


def test_any_words_rank_all_pictures_and_a_name_that_has_them_goes_first(library, tmp_path):
    save_clip(tmp_path / "clip_vision" / "own-clip")
    folder = tmp_path / "mine"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for name in ("a", "b", "c", "the lake"):
        Image.fromarray(rng.integers(0, 256, (40, 40, 3), np.uint8)).save(folder / f"{name}.png")
    finder = Finder(library, tmp_path / "home", device="cpu")
    assert finder.refresh(folder, "tiny-xl").pictures == 4
    found = finder.by_text("a lake", folder, "tiny-xl")
    assert found[0].path.stem == "the lake" and all(each.named == 0 for each in found[1:])
    others = [each.score for each in found[1:]]
    assert others == sorted(others, reverse=True)
