"""What is merged is kept between runs with the same files, and let go when others, or none, are asked for."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
import torch

from engine import PaintedWord, find_span, generate
from engine.models.adapters import reading
from engine.models.adapters.changes import Change
from engine.models.adapters.merging import merged_of
from engine.protocol import Lora
from tests.engine.models.adapters.test_using import PROMPT, TEXT, TO_K, picture, save_lora
from tests.tiny import tiny_unet


@pytest.fixture
def family(library, tiny_sd_folder):
    return library.load(str(tiny_sd_folder), "cpu")


@pytest.fixture
def hat(family, tmp_path):
    file = tmp_path / "hat.safetensors"
    save_lora(file, family.unet, [TO_K, "conv_in"], encoder=family.readers[0].encoder)
    return str(file)


@pytest.fixture
def made(monkeypatch):
    """The layers whose difference was made."""
    calls = []
    original = Change.difference
    monkeypatch.setattr(
        Change, "difference", lambda change, weight: calls.append(weight.shape) or original(change, weight)
    )
    return calls


def loaded(family):
    parts = {"unet": family.unet, "text": family.readers[0].encoder}
    return {(part, name): t.clone() for part, network in parts.items() for name, t in network.state_dict().items()}


def same(one, two):
    return all(torch.equal(one[key], two[key]) for key in one)


def test_the_second_run_with_the_same_files_merges_nothing_and_makes_the_same(family, hat, made, ask, library):
    plain, before = picture(list(generate(ask(), library=library))), loaded(family)
    first = picture(list(generate(ask(loras=(Lora(hat, 0.8),)), library=library)))
    assert len(made) == 3
    second = picture(list(generate(ask(loras=(Lora(hat, 0.8),), seed=0), library=library)))
    assert len(made) == 3 and np.array_equal(first, second)
    other = picture(list(generate(ask(loras=(Lora(hat, 0.4),)), library=library)))
    assert len(made) == 6 and not np.array_equal(other, first)
    (held,) = [weakref.ref(each) for each in reading._held.values()]
    assert np.array_equal(picture(list(generate(ask(), library=library))), plain)
    assert same(loaded(family), before) and not merged_of(family.unet)._kept
    gc.collect()
    assert not reading._held and held() is None, "the file's tensors are still in memory"


def test_loading_a_model_gives_it_without_what_the_last_run_merged(family, hat, ask, library, tiny_sd_folder):
    before = loaded(family)
    picture(list(generate(ask(loras=(Lora(hat),)), library=library)))
    assert not same(loaded(family), before)
    assert same(loaded(library.load(str(tiny_sd_folder), "cpu")), before)


def test_a_file_that_changed_on_disk_is_read_and_merged_again(family, hat, made, ask, library):
    first = picture(list(generate(ask(loras=(Lora(hat),)), library=library)))
    save_lora(hat, family.unet, [TO_K])
    second = picture(list(generate(ask(loras=(Lora(hat),)), library=library)))
    assert len(made) == 4 and not np.array_equal(first, second)


def test_the_words_of_one_run_are_not_heard_in_the_next(family, hat, ask, library):
    mask = np.full((64, 64), 255, np.uint8)
    words = (PaintedWord(span=find_span(PROMPT, "lake"), mask=mask),)
    plain = picture(list(generate(ask(words=words), library=library)))
    whole = picture(list(generate(ask(words=words, loras=(Lora(hat, 1.0),)), library=library)))
    both = (Lora(hat, 1.0), Lora(hat, 0.5, 0))
    other = picture(list(generate(ask(words=words, loras=both), library=library)))
    assert not np.array_equal(other, whole)
    assert not family.unet.conv_in._forward_hooks
    assert np.array_equal(picture(list(generate(ask(words=words, loras=(Lora(hat, 1.0),)), library=library))), whole)
    assert np.array_equal(picture(list(generate(ask(words=words, loras=both), library=library))), other)
    assert np.array_equal(picture(list(generate(ask(words=words), library=library))), plain)


def test_a_denoiser_that_shares_encoders_puts_back_what_another_one_merged(family, hat, ask, library):
    from engine.models.adapters.choosing import ChosenAdapter

    before = loaded(family)
    other = family.with_unet(tiny_unet(), lambda: tiny_unet())
    other.adapt((ChosenAdapter(reading.read_adapter(type(library.folder)(hat)), 1.0),), PROMPT)
    other.rest()
    assert not torch.equal(loaded(family)["text", f"{TEXT}.weight"], before["text", f"{TEXT}.weight"])
    family.adapt((), "")
    assert same(loaded(family), before)
