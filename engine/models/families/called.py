"""What the calls of several transformers have in common; see `TransformerDenoiser`."""

from __future__ import annotations

from typing import Any

from engine.attention.token_layout import TokenLayout


class Called:
    """A network that takes no guidance as an input, whose width is that of its heads side by side."""

    takes_guidance = False
    patch = 1
    """Latent pixels along a side of what becomes one channel vector outside of the network."""

    def __init__(self, network: Any) -> None:
        config = network.config
        self.network = network
        self.channels, self.heads = int(config.in_channels) // self.patch**2, int(config.num_attention_heads)
        self.width = self.heads * int(config.attention_head_dim)


class PackedTextFirst(Called):
    """One whose cells of 2 x 2 latent pixels are packed outside of it, behind the text in one sequence."""

    patch = 2

    def layout(self, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """The text comes first."""
        return TokenLayout.text_first(tokens, grid)


class AcrossText(Called):
    """One with cross-attention in its blocks."""

    def layout(self, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """Cells look at text tokens alone."""
        return TokenLayout.across(tokens, grid)
