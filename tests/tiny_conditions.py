"""A tiny Stable Diffusion folder with all of eDiff-I's conditions: CLIP text, T5 text, CLIP image."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest

from tests.tiny import save_tiny

WIDTH = 32
WORDS = ("lake", "sky", "house", "and", "a")


def tiny_t5_tokenizer():
    """T5's own class: a few whole words, letters for all others, characters outside ASCII unknown."""
    from transformers import T5Tokenizer

    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -8.0)]
    pieces += [(f"▁{word}", -3.0) for word in WORDS]
    pieces += [(letter, -12.0) for letter in string.ascii_letters + string.digits + string.punctuation]
    return T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=512)


def add_conditions(folder: Path, *, seed: int = 0) -> Path:
    """Puts a T5 encoder and an image encoder of random weights into a tiny model's folder; returns it."""
    import torch
    from transformers import CLIPVisionConfig, CLIPVisionModel, T5Config, T5EncoderModel

    torch.manual_seed(seed)
    tokenizer = tiny_t5_tokenizer()
    t5 = T5EncoderModel(
        T5Config(vocab_size=len(tokenizer), d_model=WIDTH, d_kv=8, d_ff=64, num_layers=2, num_heads=4, dropout_rate=0.0)
    )
    image = CLIPVisionModel(
        CLIPVisionConfig(
            hidden_size=WIDTH,
            intermediate_size=64,
            projection_dim=WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            image_size=32,
            patch_size=8,
            # Larger than a fresh encoder's, so that two pictures differ in their tokens.
            initializer_factor=8.0,
        )
    )
    tokenizer.save_pretrained(folder / "tokenizer_2")
    t5.save_pretrained(folder / "text_encoder_2", safe_serialization=True)
    image.save_pretrained(folder / "image_encoder", safe_serialization=True)
    normal = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
    (folder / "image_encoder" / "preprocessor_config.json").write_text(json.dumps(normal))
    return folder


@pytest.fixture(scope="session")
def conditioned_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model with all three encoders; shared, so never write to it."""
    return add_conditions(save_tiny(tmp_path_factory.mktemp("models") / "conditioned"))
