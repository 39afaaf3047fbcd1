"""Models of few steps are known by what they are called, and start with what suits them."""

from __future__ import annotations

import json
import shutil

import pytest

from engine.models.families import inspect
from engine.models.families.components import load_noise
from engine.sampling.few_steps import few_steps_of
from tests.engine.models.test_library import write_header
from tests.engine.models.test_programs import WHOLE
from tests.tiny import save_tiny


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sdxl_lightning_8step", ("euler", 8, 1.0)),
        ("Juggernaut_XL_Lightning", ("euler", 4, 1.0)),
        ("Hyper-SDXL-1step-lora", ("ddim", 1, 1.0)),
        ("dreamshaperXL_turboDpmppSDE", ("euler_a", 4, 1.0)),
        ("sd_xl_turbo_1.0_fp16", ("euler_a", 4, 1.0)),
        ("dmd2_sdxl_4step_lora_fp16", ("lcm", 4, 1.0)),
        ("lcm-lora-sdv1-5", ("lcm", 4, 1.0)),
        ("starter-guidance-distilled-4-steps", ("dpmpp_2m", 4, 1.0)),
        ("flux-guidance-distilled", None),
        ("hyperrealism_v2", None),
        ("hyperspace_lightnings", None),
        ("realistic_20steps", None),
    ],
)
def test_names(name, expected):
    found = few_steps_of(name)
    assert (found and (found.sampler, found.steps, found.guidance)) == expected


def test_a_model_s_name_gives_its_defaults_and_its_noise_levels_start_at_the_top(tmp_path):
    plain = save_tiny(tmp_path / "model")
    named = tmp_path / "model_lightning_2step"
    shutil.copytree(plain, named)
    defaults = inspect(named).defaults
    assert (defaults.sampler, defaults.steps, defaults.guidance) == ("euler", 2, 1.0)
    assert inspect(plain).defaults.steps == 20
    top = load_noise(inspect(named)).walk("euler", 2).sigmas[0]
    assert top == pytest.approx(float(load_noise(inspect(named)).table[-1]), rel=1e-3)
    assert load_noise(inspect(plain)).walk("euler", 2).sigmas[0] < top


def test_what_a_models_own_files_call_it_counts_too(tmp_path):
    folder = save_tiny(tmp_path / "mine")
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps({**index, "_name_or_path": "org/sdxl-turbo"}))
    found = inspect(folder)
    assert (found.defaults.sampler, found.defaults.steps, found.is_few_steps) == ("euler_a", 4, True)
    titled = {"modelspec.title": "My Mix Lightning 8step"}
    for name, notes, steps in (("mix", titled, 8), ("plain", {"modelspec.title": "My Mix"}, 20)):
        file = write_header(tmp_path / f"{name}.safetensors", WHOLE, **notes)
        assert inspect(file).defaults.steps == steps
