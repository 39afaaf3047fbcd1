"""wordbrush render --style with a model that takes styles through an IP-Adapter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from canvas.files import png
from engine.models.file_kinds import CONTEXT, INPUT
from tests.app.conftest import PROMPT
from tests.engine.models.test_library import write_header
from tests.tiny import tiny_unet
from tests.tiny_ip_adapters import save_encoder, save_ip_adapter


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of IP-Adapters beside the models folder, with a picture to take the look of in the working folder."""
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)).save("dusk.png")
    return tmp_path / "home" / "ip_adapters"


def pixels(name: str) -> np.ndarray:
    return np.asarray(Image.open(name))


def test_a_style_acts_through_an_ip_adapter_and_is_carried_by_the_picture(render, home):
    save_ip_adapter(home / "ip-adapter_sd15.safetensors", tiny_unet())
    save_encoder(home / "image_encoder")
    plain = render("--prompt", PROMPT, "--seed", "3", "--out", "plain.png")
    styled = render("--prompt", PROMPT, "--seed", "3", "--style", "dusk.png:1.5", "--out", "styled.png")
    assert plain.code == 0 and styled.code == 0, styled.err
    assert styled.result["styles"] == [{"name": "dusk", "strength": 1.5, "semantic": 0.0, "area": False}]
    assert not np.array_equal(pixels("plain.png"), pixels("styled.png"))
    (style,) = png.load_scene("styled.png").styles
    assert style.strength == 1.5
    again = render("styled.png", "--out", "again.png")
    assert again.code == 0 and np.array_equal(pixels("again.png"), pixels("styled.png"))


def test_where_none_is_installed_it_is_said_before_the_model_is_loaded(render, home, tmp_path):
    unsupported = render("--prompt", PROMPT, "--style", "dusk.png")
    assert unsupported.code == 2 and unsupported.error["type"] == "BadRequest"
    assert "There is no IP-Adapter for the model" in unsupported.error["message"]
    whole = {INPUT: [320, 4, 3, 3], CONTEXT[0]: [320, 768], "first_stage_model.x": [1], "cond_stage_model.x": [1]}
    model = write_header(tmp_path / "home" / "models" / "paint.safetensors", whole)
    missing = render("--prompt", PROMPT, "--style", "dusk.png", "--model", model)
    assert missing.code and missing.error["type"] == "ModelNotFound"
    assert "ip-adapter_sd15.safetensors" in missing.error["hint"] and str(home) in missing.error["hint"]
    home.mkdir(parents=True)
    (home / "ip-adapter_sd15.bin").write_bytes(b"x")
    unsafe = render("--prompt", PROMPT, "--style", "dusk.png", "--model", model)
    assert unsafe.code and unsafe.error["type"] == "UnsafeModel"
