"""How a loaded model uses its device's memory: the way that it goes now, and another one where the memory ran out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from engine.attention.fidelity import with_words
from engine.models.families.autoencoder import PictureCoder
from engine.models.families.base import RunConfig
from engine.weights import loading
from engine.weights.offload import OffloadedWeights
from engine.weights.placing import store_in_eight_bits, stream, wait
from engine.weights.run_memory import USUAL_TOKENS, gradient_bytes, step_bytes, too_large, transformer_bytes
from engine.weights.tiers import WHOLE, Way

if TYPE_CHECKING:
    from engine.models.compiling.graphs import Graph, Graphs
    from engine.text.conditioning import Conditioning


class UsesMemory:
    """What families have in common; its attributes are theirs, see `Family`."""

    device: torch.device
    coder: PictureCoder
    offloaded: OffloadedWeights
    way: Way = WHOLE
    graph: Graph | None = None
    """The compiled denoiser that stands in this one's place in the current run, see `engine.models.compiling`."""
    graphs: Graphs | None = None

    def _choose_denoiser(self, brief: RunConfig) -> None:
        self._leave_graph()
        if brief.compiled:
            from engine.models.compiling.seating import choose

            choose(self, brief)

    def _leave_graph(self) -> None:
        if self.graph is not None:
            self.graph.leave(self)

    def _compiled_context(self, context: Conditioning) -> Conditioning:
        """A context, with room for others where the denoiser is a compiled one."""
        if self.graph is None:
            return context
        from engine.models.compiling.padding import padded

        return padded(context)

    def adopt(self, way: Way) -> None:
        """See `Family`."""
        self.way = way
        self._leave_graph()
        self.graphs = None  # they have memory of their own
        self.coder.tiled = way.tiles
        if self.device.type == "cpu":
            return
        if way.offload != "none":
            for encoder in self._encoders():
                wait(encoder, self.device)
        network = self._denoiser()
        if way.eight_bits:
            store_in_eight_bits(network, way)
            self.offloaded.changed()
        if stream(network, self.device, way):
            self.offloaded.streams = True

    def _denoiser(self) -> Any:
        raise NotImplementedError

    def _encoders(self) -> list[nn.Module]:
        raise NotImplementedError


class UNetMemory(UsesMemory):
    """A UNet's; what a run takes is told by its config."""

    unet: Any
    dtype: torch.dtype
    checkpoints: bool = False
    """Whether gradient steps keep less and compute more, as they would not fit otherwise; see `layout_energy`."""

    def latent_size(self, width: int, height: int) -> tuple[int, int]:
        """See `Family`."""
        raise NotImplementedError

    def _is_guided(self, brief: RunConfig) -> bool:
        raise NotImplementedError

    def bytes_for_run(self, size: tuple[int, int], *, batch: int, guided: bool, gradient: bool) -> int:
        """Estimated bytes of device memory for a run, weights not counted: the larger of a step and the decoding.

        Args:
            size: (width, height) in pixels. guided: whether both halves of guidance are evaluated. gradient: whether
                there are gradient steps.
        """
        step, extra = self._step_bytes(size, batch=batch, guided=guided)
        return max(step + extra * gradient, self.coder.bytes_for(*size))

    def _step_bytes(self, size: tuple[int, int], *, batch: int, guided: bool) -> tuple[int, int]:
        """Estimated bytes of a step, and the additional bytes of a gradient step."""
        config, latent, itemsize = self.unet.config, self.latent_size(*size), self.dtype.itemsize
        others = 2 if config.in_channels > config.out_channels else 1  # rows beside the prompt's, see `instructed`
        rows = batch * (1 + others * guided if not self.way.sequential else max(1, others * guided))
        step = step_bytes(config, latent, rows=rows, itemsize=itemsize)
        return step, gradient_bytes(config, latent, samples=batch, itemsize=itemsize)

    def _check_memory(self, brief: RunConfig) -> None:
        """Raises DeviceOutOfMemory where a step or the decoding would not fit: now, not after the last step."""
        free = loading.available_memory(self.device)
        if free is None:
            return
        step, gradient = self._step_bytes(brief.size, batch=brief.batch, guided=self._is_guided(brief))
        less = "a batch of 1" if brief.batch > 1 else f"a size below {brief.size[0]}x{brief.size[1]}"
        if step > free:
            raise too_large("a step", step, free, less=less)
        steps = with_words(brief.fidelity, brief.words).gradient_steps if brief.words and self.way.trains else 0
        self.checkpoints = bool(steps) and step + gradient > free
        if self.checkpoints:
            gradient = gradient_bytes(
                self.unet.config,
                self.latent_size(*brief.size),
                samples=brief.batch,
                itemsize=self.dtype.itemsize,
                checkpointed=True,
            )
        if steps and step + gradient > free:
            less = f"a lower fidelity (its {steps} gradient steps take most of the memory), {less}"
            raise too_large("a gradient step", step + gradient, free, less=less)
        self.coder.tile_for(*brief.size)


class TransformerMemory(UsesMemory):
    """A transformer's."""

    denoiser: Any
    dtype: torch.dtype

    def _grid(self, size: tuple[int, int]) -> tuple[int, int]:
        raise NotImplementedError

    def _is_guided(self, brief: RunConfig) -> bool:
        raise NotImplementedError

    def bytes_for_run(self, size: tuple[int, int], *, batch: int, guided: bool, gradient: bool) -> int:
        """About what a run takes of the device's memory beside the weights: a step or the decoding, the larger."""
        return max(self._step_bytes(size, batch, guided, tokens=USUAL_TOKENS), self.coder.bytes_for(*size))

    def _step_bytes(self, size: tuple[int, int], batch: int, guided: bool, *, tokens: int) -> int:
        grid, rows = (
            self._grid(size),
            batch * (1 + (guided and not self.denoiser.takes_guidance and not self.way.sequential)),
        )
        return transformer_bytes(
            self.denoiser.width,
            self.denoiser.heads,
            grid[0] * grid[1],
            tokens,
            rows=rows,
            itemsize=self.dtype.itemsize,
        )

    def _check_memory(self, brief: RunConfig) -> None:
        """Raises DeviceOutOfMemory where a step or the decoding would not fit: now, not after the last step."""
        free = loading.available_memory(self.device)
        if free is None:
            return
        tokens = brief.context.rows.shape[1]
        step = self._step_bytes(brief.size, brief.batch, self._is_guided(brief), tokens=tokens)
        if step > free:
            less = "a batch of 1" if brief.batch > 1 else f"a size below {brief.size[0]}x{brief.size[1]}"
            raise too_large("a step", step, free, less=less)
        self.coder.tile_for(*brief.size)


def encoders_in(*readers: object) -> list[nn.Module]:
    """The networks of what reads prompts and pictures, also where a reader is made of others."""
    return list(dict.fromkeys(network for reader in readers for network in _networks(reader)))


def _networks(reader: object) -> Iterator[nn.Module]:
    for value in vars(reader).values() if hasattr(reader, "__dict__") else ():
        if isinstance(value, nn.Module):
            yield value
        elif isinstance(getattr(value, "encoder", None), nn.Module):
            yield from _networks(value)
