"""Stable Diffusion 3 and 3.5: joint attention of [image, text]; the text is CLIP's states with T5's behind them."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.token_layout import LayerSides, TokenLayout
from engine.errors import BadRequest
from engine.facts import InstalledModel
from engine.models.families.components import TextReader, load_tokenizer, read_ahead
from engine.models.families.transformer import TextRows, TransformerFamily
from engine.models.families.transformer_parts import load_encoder, load_network, load_rest, picked_dtype
from engine.text import encoders
from engine.text.prompt_states import FilledT5Reader, PromptStates

_TOKENS = 256
_TIMES = 1000.0


class StableDiffusion3Reader:
    """CLIP's first 77 states of both encoders side by side, filled up to T5's width, and T5's 256 behind them.

    Args:
        clips: both CLIP readers, of the second to last layer. t5: None where the model came without it.
        width: of a row.
    """

    def __init__(self, clips: tuple[TextReader, TextReader], t5: FilledT5Reader | None, *, width: int) -> None:
        self.clips, self.t5, self._width = clips, t5, width

    @property
    def parts(self) -> Mapping[str, Any]:
        """See `PromptReader`."""
        found = {"text_encoder": self.clips[0], "text_encoder_2": self.clips[1]}
        return found if self.t5 is None else {**found, "text_encoder_3": self.t5}

    def read(self, prompt: str) -> PromptStates:
        """See `PromptReader`. What CLIP has no room for T5 reads alone; a word has tokens in both."""
        found = [(clip, clip.tokenize(prompt)) for clip in self.clips]
        read = [clip.read(tokenized) for clip, tokenized in found]
        length = self.clips[0].length
        side_by_side = torch.cat([states[:, :length] for states, _ in read], dim=-1)
        clip = F.pad(side_by_side, (0, self._width - side_by_side.shape[-1]))
        pooled = [sentence for _, sentence in read if sentence is not None]
        first, tokenized = found[0]
        ids = tokenized.input_ids[0].tolist()
        seen = tuple(range(ids.index(first.tokenizer.eos_token_id) + 1))
        offsets = tokenized.offsets[:length]
        if self.t5 is None:
            behind = clip.new_zeros(1, _TOKENS, self._width)
            offsets += (None,) * _TOKENS
        else:
            more = self.t5.read(prompt)
            behind = more.states
            offsets += more.tokenized.offsets
            seen += tuple(length + place for place in more.seen or ())
        return PromptStates(
            states=torch.cat([clip, behind.to(clip)], dim=1),
            tokenized=replace(tokenized, offsets=offsets),
            seen=seen,
            pooled=torch.cat(pooled, dim=-1),
        )


class StableDiffusion3Denoiser:
    """How Stable Diffusion 3's transformer is called; see `TransformerDenoiser`."""

    # attn2, which some blocks have, sees the image alone.
    painted = (r"transformer_blocks\.\d+\.attn",)
    sides = LayerSides(
        text=r"context_embedder|transformer_blocks\.\d+\.(attn\.(add_\w+|to_add_out)|ff_context\..+)",
        neither=r"time_text_embed\..+|(.+\.)?norm\w*\.linear",
    )
    takes_guidance = False

    def __init__(self, network: Any) -> None:
        self.network = network
        self.channels = int(network.config.in_channels)
        self.width, self.heads = int(network.inner_dim), int(network.config.num_attention_heads)

    def layout(self, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """The image comes first.

        Raises:
            BadRequest: the picture has more cells along a side than the model knows places for.
        """
        most = self.network.config.pos_embed_max_size
        if most and max(grid) > most:
            raise BadRequest(
                "The picture is too large for this model.",
                hint=f"Choose sides of at most {most * 16} pixels.",
                details=f"{grid} cells, {most} places",
            )
        return TokenLayout.image_first(tokens, grid)

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`."""
        out: Tensor = self.network(
            hidden_states=latents,
            timestep=torch.full((len(latents),), time * _TIMES, device=latents.device),
            encoder_hidden_states=text.states,
            pooled_projections=text.pooled,
            return_dict=False,
        )[0]
        return out


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.transformers.transformer_sd3 import SD3Transformer2DModel

    dtype = picked_dtype(facts, device)
    clips = []
    for suffix, what, share in (("", "text encoder", 0.05), ("_2", "second text encoder", 0.08)):
        yield what, share
        kinds = {"CLIPTextModelWithProjection": "clip"}
        encoder = load_encoder(facts, kinds, device=device, dtype=dtype, part=f"text_encoder{suffix}")
        clips.append(TextReader(load_tokenizer(facts.config / f"tokenizer{suffix}"), encoder, layer=-2))
    t5 = None
    if (facts.config / "text_encoder_3" / "config.json").is_file():
        yield "third text encoder", 0.12
        yield from read_ahead(facts, "text_encoder_3", "third text encoder", 0.12, 0.35)
        encoder = load_encoder(facts, {"T5EncoderModel": "t5"}, device=device, dtype=dtype, part="text_encoder_3")
        t5 = FilledT5Reader(encoders.load_tokenizer(facts.config / "tokenizer_3"), encoder, length=_TOKENS)
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, SD3Transformer2DModel, device=device, dtype=dtype)
    reader = StableDiffusion3Reader((clips[0], clips[1]), t5, width=int(network.config.joint_attention_dim))
    denoiser = StableDiffusion3Denoiser(network)
    return (yield from load_rest(facts, reader=reader, denoiser=denoiser, device=device, dtype=dtype))
