"""A request that begins from a picture while it runs: its first latents, what is put back in each step, its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.facts import ModelFacts
from engine.protocol import GenerateRequest, StartPicture
from engine.reworking.colouring import acting, begun_from, held_until
from engine.reworking.compositing import cells_of, laid_over, soft_edge
from engine.reworking.work_area import WorkArea, area_around, request_inside

if TYPE_CHECKING:
    from torch import Tensor

    from engine.models.families.base import Family
    from engine.sampling.inversion import Inversion
    from engine.sampling.loop import SeededNoise
    from engine.sampling.schedule import SigmaSchedule

_NEARLY = 1e-6
_THIN = 1
"""The width of the soft edge, in pixels, where what is made anew fills its shape exactly."""


def rework_of(request: GenerateRequest, facts: ModelFacts) -> Rework | None:
    """What a request begins from, of its picture and its colours; None where it is noise alone."""
    if request.start is not None:
        return Rework(request, request.start, facts)
    if (colours := acting(request.colours)) is None:
        return None
    bare = np.ascontiguousarray(colours.rgba[..., :3])
    return Rework(request, StartPicture(rgb=bare, strength=1.0), facts)


class Rework:
    """Working on a picture.

    With a mask, cells of the latents are put back to the noised original before each step, until the share of the run
    that is left is no more than their grey: white is free from the first step on, half grey for the second half, black
    never (Differential Diffusion, arXiv 2306.00950, section 4). The noise is the run's first, so that what is put back
    lies on the path that leads to the original. Where a shape is kept, a cell is free or never. An inverted picture is
    its own path.

    Colours are held likewise, each cell for its own share of the run (`colouring.held_until`): what is put back is the
    colours over the picture.

    Args:
        whole: the request. start: its picture. facts: of its model.

    Attributes:
        request: the request that is run: that of the area around the mask, or the whole one. At strength 0 none is.
        inversion: of the picture, where it is asked for; set before `begin`.
    """

    def __init__(self, whole: GenerateRequest, start: StartPicture, facts: ModelFacts) -> None:
        self.whole, self.start = whole, start
        self._area: WorkArea | None = None
        if start.mask is not None and start.context is not None:
            self._area = area_around(start.mask, start.context, facts)
        self.request = whole if self._area is None else request_inside(whole, start, self._area)
        feather = {} if start.shape is None else {"feather": _THIN}
        self._shown = None if start.mask is None else soft_edge(start.mask, **feather)
        self.inversion: Inversion | None = None
        self._original: Tensor | None = None
        self._noise: Tensor | None = None
        self._cells: Tensor | None = None
        self._colours = acting(self.request.colours)
        self._held: Tensor | None = None

    def begin(self, family: Family, walk: SigmaSchedule, noise: SeededNoise) -> Tensor:
        """The first latents `[B, C, h, w]`: the picture with noise of the first level, or noise alone at strength 1."""
        import torch

        start = self.request.start or self.start
        self._noise = noise()
        if self._original is None:
            rgb = start.rgb
            if self._colours is not None:
                under = None if self.whole.start is None else rgb
                rgb = begun_from(self._colours.rgba, under)
                self._held = torch.from_numpy(held_until(self._colours, tuple(self._noise.shape[2:])))
            self._original = family.encode_picture(rgb)
            if start.mask is not None:
                self._cells = torch.from_numpy(_cells(start, tuple(self._noise.shape[2:])))
        self._original = self._original.to(self._noise.device)
        self._cells = None if self._cells is None else self._cells.to(self._noise.device)
        self._held = None if self._held is None else self._held.to(self._noise.device)
        if self.inversion is not None:
            return self.inversion.start.to(self._noise).expand_as(self._noise).clone()
        return self._noise * walk.start if not walk.skipped else self._original + walk.sigmas[0] * self._noise

    def put_back(self, x: Tensor, sigma: float, done: float) -> Tensor:
        """x `[B, C, h, w]` at a noise level, with the original where it is not free yet; `done` is the run's share."""
        if self._cells is None and self._held is None:
            return x
        assert self._original is not None and self._noise is not None, "begun"
        import torch

        free = torch.ones((), dtype=torch.bool, device=x.device)
        if self._cells is not None:
            free = (self._cells > 0) & (self._cells >= 1 - done - _NEARLY)
        if self._held is not None:
            free = free & (self._held < 1) & (self._held <= done + _NEARLY)
        if self.inversion is not None:
            return torch.where(free, x, self.inversion.at(sigma).to(x))
        return torch.where(free, x, self._original + sigma * self._noise)

    @property
    def inverts(self) -> bool:
        """Whether the picture has to be inverted before the run begins."""
        shape = None if self.request.start is None else self.request.start.shape
        return shape is not None and shape.inverted and self.inversion is None and bool(self.start.strength)

    def placed(self, rgb: np.ndarray) -> np.ndarray:
        """The whole picture, uint8 `[height, width, 3]`, with what was made of it in its place."""
        old = self.start.rgb
        if self._shown is None:
            return rgb
        new = rgb
        if self._area is not None:
            new = old.copy()
            new[self._area.place] = self._area.back(rgb)
        return laid_over(old, new, self._shown)

    def placed_previews(self, pixels: np.ndarray, maps: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
        """Previews `[B, h, w, 3]` and heatmaps `[B, n, h, w]` of the whole picture."""
        if self._shown is None:
            return pixels, maps
        shown = np.stack([self._preview(each) for each in pixels])
        return shown, None if maps is None else np.stack([self._widened(each) for each in maps])

    def placed_maps(self, maps: np.ndarray | None) -> np.ndarray | None:
        """Heatmaps `[n, h, w]` of the whole picture: nothing is known of what was not worked on."""
        return None if maps is None else self._widened(maps)

    def _preview(self, rgb: np.ndarray) -> np.ndarray:
        assert self._shown is not None
        width, height = self._canvas((rgb.shape[1], rgb.shape[0]))
        old = np.array(Image.fromarray(self.start.rgb).resize((width, height), Image.Resampling.BOX))
        shown = np.array(Image.fromarray(self._shown).resize((width, height), Image.Resampling.BOX))
        new = old.copy()
        top, left, down, across = self._spot((width, height))
        new[top : top + down, left : left + across] = np.array(Image.fromarray(rgb).resize((across, down)))
        return laid_over(old, new, shown)

    def _widened(self, maps: np.ndarray) -> np.ndarray:
        if self._area is None:
            return maps
        width, height = self._canvas((maps.shape[2], maps.shape[1]))
        top, left, down, across = self._spot((width, height))
        found = np.zeros((len(maps), height, width), maps.dtype)
        for index, each in enumerate(maps):
            small = Image.fromarray(each.astype(np.float32)).resize((across, down), Image.Resampling.BOX)
            found[index, top : top + down, left : left + across] = np.array(small)
        return found

    def _canvas(self, inner: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of the whole picture where the area that is worked on has `inner`, at most its own size."""
        width, height = self.whole.picture.size
        if self._area is None:
            return inner
        scale = min(1.0, max(side / outer for side, outer in zip(inner, self._area.outer, strict=True)))
        return max(1, round(width * scale)), max(1, round(height * scale))

    def _spot(self, canvas: tuple[int, int]) -> tuple[int, int, int, int]:
        """(top, left, height, width) of the area on a canvas of that (width, height)."""
        if self._area is None:
            return 0, 0, canvas[1], canvas[0]
        width, height = self.whole.picture.size
        left, top, right, bottom = self._area.box
        left, right = (round(side * canvas[0] / width) for side in (left, right))
        top, bottom = (round(side * canvas[1] / height) for side in (top, bottom))
        top, left = min(top, canvas[1] - 1), min(left, canvas[0] - 1)
        return top, left, max(1, bottom - top), max(1, right - left)


def _cells(start: StartPicture, size: tuple[int, int]) -> np.ndarray:
    """How far the cells of the latents are free, float32 `[h, w]`, 0..1."""
    assert start.mask is not None, "a part is made anew"
    if start.shape is None:
        return cells_of(start.mask, size)
    from engine.attention.inside_outside import cells_inside

    return cells_inside(start.mask, size).astype(np.float32)
