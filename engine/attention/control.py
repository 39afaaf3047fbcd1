"""The attention hook: adds the paint's bias in every cross-attention layer of a UNet, and caches the text's K and V."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.heatmaps import HeatmapRecorder
from engine.attention.laws import find_law
from engine.attention.masks import Paint
from engine.attention.processor import AttentionRecorder, PaintAttention, Region, Run
from engine.attention.static_buffers import StaticBuffers, aligned
from engine.errors import InternalError, UnsupportedModel

if TYPE_CHECKING:
    from engine.attention.image_attention import ImageKeys

NEGLIGIBLE = 1e-6
"""Gain times the largest |A| below which a bias is lost in the scores' own float32 rounding."""

_STOCK = ("AttnProcessor", "AttnProcessor2_0")


def prefers_mask(device: torch.device) -> bool:
    """Whether paint goes to the fused attention as a mask where the law allows it.

    Devices save launches and memory traffic by that. On the CPU the two forms cost about the same: 8 words on the
    starter at 256x256 took 1.04 (95 %: 1.01 to 1.06) of a stock step by materialised scores and 1.01 (1.00 to 1.03) as
    a mask, in processor time of one thread, their ratio 0.99 (0.93 to 1.02). The CPU materialises, which keeps its
    pictures the same from version to version.
    """
    return device.type != "cpu"


class AttentionControl:
    """Steers the paint of one UNet: `begin` for each prompt, `set_step` before each denoiser call, `end`, `uninstall`.

    Attributes:
        levels: number of resolution levels down to the deepest cross-attention; A is wanted for each of them.
        layers: for each level that has cross-attention, how many layers of it.
        buffers: what a step reads and writes apart from the weights. It stays where it is from run to run, as long as
            batch, size and length of the text do.
        steady: for a compiled UNet: the biased path is taken even where the bias is nothing, in every run.
    """

    processor: type[PaintAttention] = PaintAttention

    def __init__(self, unet: nn.Module) -> None:
        self._run = Run()
        self._layers: dict[str, nn.Module] = {}
        self._stock: dict[str, Any] = {}
        self._ours: dict[str, PaintAttention] = {}
        self._paint: Paint | None = None
        self._active: tuple[int, ...] | None = None
        self._weight = 0.0
        self._force = False
        self._reach = 0.0
        self._painted = False
        self._rows = 0
        self._dtype = torch.float32
        self._tokens = 0
        self._device = torch.device("cpu")
        self.buffers = StaticBuffers()
        self.steady = False
        for path, module in unet.named_modules():
            if not path.endswith(".attn2"):
                continue
            stock = module.get_processor()
            if type(stock).__name__ not in _STOCK or module.scale_qk is False or module.spatial_norm is not None:
                raise UnsupportedModel(
                    "This model's attention is of a kind that cannot be painted.",
                    hint="Choose a Stable Diffusion model without adapters.",
                    details=f"{path}: {type(stock).__name__}",
                )
            self._layers[path] = module
            self._stock[path] = stock
            self._ours[path] = self.processor(self._run, level_of(unet, path))
        if not self._layers:
            raise UnsupportedModel(
                "This model has no cross-attention to paint in.", hint="Choose a Stable Diffusion model."
            )
        self.layers = Counter(ours.level for ours in self._ours.values())
        self.levels = 1 + max(self.layers)
        self.put_in_place()

    def put_in_place(self) -> None:
        """Let the layers use this control's processors, whichever they have now."""
        for path, module in self._layers.items():
            module.set_processor(self._ours[path])

    def step_aside(self) -> None:
        """Let the layers use their stock processors until `put_in_place`; a run that is on keeps what it has."""
        for path, module in self._layers.items():
            module.set_processor(self._stock[path])

    def begin(
        self,
        *,
        context: Tensor,
        conditional_rows: Sequence[int],
        paint: Paint | Sequence[Tensor] | None = None,
        law: str = "default",
        paint_weight: float = 0.0,
        tap: AttentionRecorder | None = None,
        keys: Sequence[Tensor] | None = None,
        styles: Sequence[int] = (),
        present: int | None = None,
        regions: Sequence[Region] = (),
        images: Sequence[ImageKeys] = (),
        values: Tensor | None = None,
        force: bool = False,
    ) -> None:
        """Start a run: project and cache the text's K and V of every layer, and set the paint.

        Args:
            context: text `[rows, T, C]`, on the UNet's device in its dtype. Until `end` the UNet takes this very tensor
                as `encoder_hidden_states` and refuses any other.
            conditional_rows: which rows of the batch the paint acts on; all others stay as they are.
            paint: a `Paint`, or A for each level: `[N, T]`, or `[conditional rows, N, T]` where rows differ.
            law: name of a law.
            paint_weight: eDiff-I's w', 0 is off.
            tap: records the words' attention of the conditional rows.
            keys: for each level what is added to the scores of all rows, `[rows, 1 or N, T]`: weights of encoders,
                areas of styles, `ABSENT` for tokens that a row does not have.
            styles: positions of the style tokens in the conditional rows: paint leaves their share of the attention
                alone.
            present: how many leading tokens of the conditional rows are real, not padding; None is all.
            regions: areas with prompts of their own (attention couple); not together with paint or a tap.
            images: reference pictures, whose attention adds to the text's.
            values: `[T, C]`, what V of the conditional rows is projected from in place of the context.
            force: take the biased path even where the bias is nothing: so that a compiled step stays one graph.

        Raises:
            BadRequest: no such law.
            InternalError: something else replaced the processors, the rows are not in the context, or the
                matrices are not of its length.
        """
        self.check()
        rows = tuple(conditional_rows)
        total, tokens = context.shape[:2]
        if not rows or len(set(rows)) != len(rows) or not all(0 <= row < total for row in rows):
            raise InternalError(
                "The batch's rows are not in order.", hint="Please report this.", details=f"rows {rows} of {total}"
            )
        others = tuple(row for row in range(total) if row not in rows)
        run = self._run
        run.law = find_law(law)
        run.rows = _index(rows, context.device)
        run.others = _index(others, context.device) if others else None
        device, buffers = context.device, self.buffers
        run.tap, run.by_word, run.columns = tap, None, None
        if isinstance(tap, HeatmapRecorder) and tap.columns is not None:
            run.by_word = tap
            run.columns = buffers.write("V of words", tap.columns[None, None], dtype=context.dtype, device=device)
        run.keys = None
        if keys is not None:
            run.keys = [
                buffers.write(("token bias", index), level[:, None], dtype=level.dtype, device=device)
                for index, level in enumerate(keys)
            ]
        run.styles = torch.tensor(styles, device=context.device) if styles else None
        run.present = present
        # Everything a step reads is written in place: a compiled step is bound to it, and waits for no value of it.
        run.gain = buffers.get("gain", (), dtype=torch.float32, device=device)
        run.acts, run.biased, run.paint, run.pushed = False, False, [], []
        # A reference's kept share and areas' own prompts need the scores themselves.
        plain = run.law.factor is not None and not styles and not regions and isinstance(run.rows, slice)
        run.masked = plain and prefers_mask(device)
        self._weight, self._force, self._active = paint_weight, force or self.steady, None
        self._rows, self._tokens, self._device, self._dtype = total, tokens, device, context.dtype
        with torch.no_grad():
            for path, module in self._layers.items():
                ours = self._ours[path]
                ours.images = None
                keys_, spoken = ours.project(module, context)
                if values is not None:
                    # The very tensor that the run passes: what else acts on its tokens knows it by that.
                    own = context[run.rows].clone()
                    context[run.rows] = values
                    spoken = ours.project(module, context)[1]
                    context[run.rows] = own
                self._keep(path, keys_, spoken)
                ours.regions = [
                    (*ours.project(module, region.context), _as_mask(region.token_bias, context)) for region in regions
                ]
        if images:
            from engine.attention.image_attention import at_layers

            layers = [(module, self._ours[path].level) for path, module in self._layers.items()]
            halves = [int(row in rows) for row in range(total)]
            seen = at_layers(images, layers, halves, like=context, buffers=buffers)
            for ours, each in zip(self._ours.values(), seen, strict=True):
                ours.images = each
        levels = range(self.levels) if regions else ()
        run.shares = [torch.stack([region.shares[level] for region in regions]).to(context.device) for level in levels]
        run.context = context
        if isinstance(paint, Paint):
            self._paint, self._painted = paint, paint.acts
        else:
            self._paint = None
            self._load(paint or ())
            self._painted = self._reach > 0.0

    def _keep(self, path: str, keys: Tensor, values: Tensor) -> None:
        """Keep a layer's K and V, both `[rows, heads, T, d]`, as the stock projections lay them out."""
        rows, heads, tokens, _ = keys.shape
        room = self._room(tokens)
        ours, pair = self._ours[path], []
        for name, tensor in (("K", keys), ("V", values)):
            shape = (rows, room, heads, tensor.shape[-1])
            buffer = self.buffers.get((name, path), shape, dtype=tensor.dtype, device=tensor.device).transpose(1, 2)
            buffer[:, :, :tokens].copy_(tensor)
            pair.append(buffer)
        ours.wide = pair[0]
        ours.kept = (pair[0][:, :, :tokens], pair[1][:, :, :tokens])

    def _room(self, tokens: int) -> int:
        """The length of a row of scores of so many tokens."""
        return aligned(tokens) if self._run.masked else tokens

    def set_step(self, *, sigma: float, fraction: float = 0.5) -> None:
        """Set the noise level and the position in the schedule of the next denoiser call.

        Args:
            sigma: noise level of the call, in the variance-exploding scale (`sqrt((1 - abar) / abar)`).
            fraction: middle of the step, `(index + 0.5) / steps`, 0..1; words act inside their windows only.
        """
        run = self._run
        if self._paint is not None:
            active = self._paint.active(fraction)
            if active != self._active:
                self._active = active
                self._load([torch.from_numpy(matrix) for matrix in self._paint.matrices(active)])
        gain = run.law.gain(self._weight, sigma, fraction)
        run.gain.fill_(gain)
        run.acts = gain != 0.0
        if run.masked:
            # For the whole run, whatever the gain: a step that costs no more than a stock one is best always the same.
            run.biased = bool(run.paint) and ((self._painted and self._weight != 0.0) or self._force)
            for lowered, pushed in zip(run.paint if run.biased else (), run.pushed, strict=False):
                torch.mul(lowered, run.gain, out=pushed)
        else:
            run.biased = bool(run.paint) and (abs(gain) * self._reach > NEGLIGIBLE or self._force)

    @contextmanager
    def alone(self, tap: AttentionRecorder) -> Iterator[Tensor]:
        """Context in which the UNet runs the conditional rows alone, without bias, and `tap` records their attention.

        Yields the `encoder_hidden_states` to call the UNet with. An autograd graph may be built.
        """
        run, rows = self._run, self._run.rows
        assert run.context is not None and run.paint, "a painted run is on"
        before = dataclasses.replace(run)
        kept = {path: ours.kept for path, ours in self._ours.items()}
        try:
            run.context, run.part = run.context[rows], rows
            run.keys = None if run.keys is None else [level[rows] for level in run.keys]
            run.rows, run.others = slice(0, len(run.context)), None
            run.gain, run.acts, run.biased, run.tap = torch.zeros_like(before.gain), False, True, tap
            run.masked, run.columns = False, None
            for path, ours in self._ours.items():
                pair = kept[path]
                ours.kept = None if pair is None else (pair[0][rows], pair[1][rows])
            yield run.context
        finally:
            for field_ in dataclasses.fields(run):
                setattr(run, field_.name, getattr(before, field_.name))
            for path, ours in self._ours.items():
                ours.kept = kept[path]

    @contextmanager
    def half(self, conditional: bool) -> Iterator[Tensor]:
        """Context in which the UNet runs one half of guidance, as in a call of both: the conditional rows, with paint
        and tap, or all others without.

        Yields the `encoder_hidden_states` to call the UNet with.
        """
        run = self._run
        assert run.context is not None, "a run is on"
        rows = run.rows if conditional else run.others
        assert rows is not None, "with guidance there are both"
        before = dataclasses.replace(run)
        kept = {path: (ours.kept, ours.wide, ours.regions) for path, ours in self._ours.items()}
        try:
            run.context, run.part = run.context[rows], rows
            run.keys = None if run.keys is None else [level[rows] for level in run.keys]
            run.masks = [mask[rows] for mask in run.masks]
            run.rows, run.others = slice(0, len(run.context)), None
            if not conditional:
                run.tap, run.by_word, run.columns, run.biased = None, None, None, False
            for ours in self._ours.values():
                if ours.kept is not None:
                    ours.kept = (ours.kept[0][rows], ours.kept[1][rows])
                ours.wide = None if ours.wide is None else ours.wide[rows]
                ours.regions = ours.regions if conditional else []
            yield run.context
        finally:
            for field_ in dataclasses.fields(run):
                setattr(run, field_.name, getattr(before, field_.name))
            for path, ours in self._ours.items():
                ours.kept, ours.wide, ours.regions = kept[path]

    def end(self) -> None:
        """End the run; the UNet computes its stock attention again. The buffers stay for the next run."""
        run = self._run
        run.context, run.paint, run.tap, run.keys, run.biased = None, [], None, None, False
        run.pushed, run.masks, run.masked, run.columns = [], [], False, None
        self._paint = None
        run.shares = []
        for ours in self._ours.values():
            ours.kept, ours.wide, ours.regions, ours.images = None, None, [], None

    def check(self) -> None:
        """Make sure that our processors are still in place.

        Raises:
            InternalError: diffusers or an extension replaced one; the paint would silently do nothing.
        """
        for path, module in self._layers.items():
            if module.processor is not self._ours[path]:
                raise InternalError(
                    "The model's attention was changed while it was in use, so paint would have no effect.",
                    hint="Load the model again.",
                    details=f"{path}: {type(module.processor).__name__}",
                )

    @property
    def paths(self) -> tuple[str, ...]:
        """The module paths of the layers, in the network's order."""
        return tuple(self._layers)

    @property
    def replaced(self) -> dict[Any, Any]:
        """The processors that were there before, by those that are there now."""
        return {self._ours[path]: stock for path, stock in self._stock.items()}

    def uninstall(self) -> None:
        """Give every layer back the same processor object that it had before."""
        self.end()
        self.buffers = StaticBuffers()
        self.step_aside()

    def _load(self, matrices: Sequence[Tensor]) -> None:
        """Return A for each level, shaped `[1 or samples, 1, N, T]`, float32, on the run's device."""
        if matrices and (len(matrices) < self.levels or matrices[0].shape[-1] != self._tokens):
            raise InternalError(
                "The paint does not fit the prompt.",
                hint="Please report this.",
                details=f"{len(matrices)} levels of {self.levels}, {matrices[0].shape[-1]} tokens",
            )
        # Checked before they are moved: reading a number back from a device would wait for it.
        self._reach = max((float(matrix.abs().amax()) for matrix in matrices if matrix.numel()), default=0.0)
        run, float32 = self._run, {"dtype": torch.float32, "device": self._device}
        shaped = [_with_heads(matrix.to(torch.float32)) for matrix in matrices]
        if not run.masked:
            run.paint = [self.buffers.write(("A", level), each, **float32) for level, each in enumerate(shaped)]
            return
        room = self._room(self._tokens)
        # The softmax does not see what all of a pixel's tokens have in common.
        lowered = [F.pad(each - each.amax(dim=-1, keepdim=True), (0, room - self._tokens)) for each in shaped]
        run.paint = [self.buffers.write(("lowered A", level), each, **float32) for level, each in enumerate(lowered)]
        run.pushed = [
            self.buffers.get(("pushed", level), tuple(each.shape), **float32) for level, each in enumerate(lowered)
        ]
        run.masks = [self._mask(level, each.shape[-2], room) for level, each in enumerate(lowered)]

    def _mask(self, level: int, pixels: int, room: int) -> Tensor:
        """What is added to the scores of a level before any paint, `[rows, 1, N, room]`."""
        shape = (self._rows, 1, pixels, room)
        mask = self.buffers.get(("mask", level), shape, dtype=self._dtype, device=self._device).zero_()
        if self._run.keys is not None and pixels:
            mask[..., : self._tokens].copy_(self._run.keys[level])
        return mask


def install(unet: nn.Module) -> AttentionControl:
    """Put a paint processor into every cross-attention layer of a `UNet2DConditionModel`.

    Raises:
        UnsupportedModel: it has none, or they are of a kind that cannot be painted; the UNet is left as it was.
    """
    return AttentionControl(unet)


def _with_heads(matrix: Tensor) -> Tensor:
    """Return A `[N, T]` or `[samples, N, T]` as `[1 or samples, 1, N, T]`; N may be 0."""
    return (matrix[None] if matrix.ndim == 2 else matrix)[:, None]


def _as_mask(token_bias: Tensor | None, like: Tensor) -> Tensor | None:
    return None if token_bias is None else token_bias.to(like.device, like.dtype).reshape(1, 1, 1, -1)


def _index(rows: Sequence[int], device: torch.device) -> slice | Tensor:
    """Return a slice for adjacent rows (views instead of copies), else an index tensor."""
    if list(rows) == list(range(rows[0], rows[0] + len(rows))):
        return slice(rows[0], rows[0] + len(rows))
    return torch.tensor(rows, device=device)


def level_of(unet: nn.Module, path: str) -> int:
    """Return the resolution level of a layer from its module path: how often the latent was halved on the way there."""
    halvings = [int(getattr(block, "downsamplers", None) is not None) for block in unet.down_blocks]
    match = re.match(r"(down_blocks|up_blocks|mid_block)(?:\.(\d+))?\.", path)
    if match is None:
        raise UnsupportedModel(
            "This model's blocks are of a kind that cannot be painted.",
            hint="Choose a Stable Diffusion model.",
            details=path,
        )
    part, number = match[1], int(match[2] or 0)
    if part == "down_blocks":
        return sum(halvings[:number])
    doublings = [int(getattr(block, "upsamplers", None) is not None) for block in unet.up_blocks]
    return sum(halvings) - (sum(doublings[:number]) if part == "up_blocks" else 0)
