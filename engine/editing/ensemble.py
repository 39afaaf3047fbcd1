"""The denoisers of an edited picture: in each step they work on the source's latents, then on the edited one's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.editing.area import EditedArea
from engine.errors import BadRequest, UnsupportedModel
from engine.experts.ensemble import Ensemble
from engine.experts.slots import ExpertSlot
from engine.models.architectures import architectures
from engine.models.library import Library
from engine.protocol import Fidelity, GenerateRequest

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from engine.editing.keeping import Handover, LaneControl
    from engine.models.families.base import Family
    from engine.models.families.sd import StableDiffusion
    from engine.sampling.loop import WalkStep


class Lane(Ensemble):
    """One of the two runs: it borrows the other ensemble's denoisers, in its own turns."""

    runs: dict[Family, StableDiffusion]
    """By denoiser, its run here."""

    def lend(self, slots: Sequence[ExpertSlot], family: StableDiffusion, paint: LaneControl) -> None:
        """Begin this run on a denoiser that is in memory, and wait for its turns."""
        run = family.beside(paint)
        self._families |= dict.fromkeys(slots, run)
        self.runs[family] = run
        self._prepare(run)
        paint.settle(run.layout)

    @contextmanager
    def turn(self, sigma: float) -> Iterator[None]:
        """Context in which the denoiser for `sigma` goes on with this run."""
        paint: LaneControl = self.family_at(sigma).control  # type: ignore[attr-defined]
        paint.enter()
        try:
            yield
        finally:
            paint.leave()

    def forget(self) -> None:
        """End this run."""
        self._end()
        self._families.clear()
        self.runs.clear()


class EditedEnsemble(Ensemble):
    """As `Ensemble`, with a picture of the source's beside each: x is `[2 B, C, h, w]`, the sources first.

    Both begin from the same noise, and the sources are, to the bit, what their prompt makes alone. What is kept of
    their attention is in `engine.editing.keeping`. Outside of the edited words' area (`EditedArea`) each prediction of
    the edited picture is the source's, so that both have the same latents there, whatever the sampler; decoded, it is
    laid over the source's.

    Raises:
        UnsupportedModel: a denoiser has no cross-attention of its own that could be kept. BadRequest: the law gives
            each area a prompt of its own.
    """

    lanes = 2

    def __init__(
        self,
        request: GenerateRequest,
        slots: tuple[ExpertSlot, ...],
        base: Family,
        library: Library,
        *,
        guidance: float,
        paint_weight: float,
        fidelity: Fidelity,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        assert request.edit is not None, "else there is nothing to keep"
        for facts in (base.facts, *(slot.facts for slot in slots)):
            if not architectures()[facts.family].can.edits:
                raise UnsupportedModel(
                    f'The model "{facts.name}" reads text and picture together, so words cannot be edited.',
                    hint="Choose a Stable Diffusion model, or repaint the word's area instead.",
                )
        how = {"guidance": guidance, "paint_weight": paint_weight, "fidelity": fidelity, "check": check}
        plain = request.replace(edit=None, compile="off")
        super().__init__(plain, slots, base, library, **how)  # type: ignore[arg-type]
        if self._law.regional:
            raise BadRequest(
                "Words cannot be edited while each painted area has a prompt of its own.",
                hint='Choose another rule for the paint, such as "default".',
            )
        self._edit, self._area = request.edit, EditedArea.of(request, request.edit)
        edit, area, own = self._edit, self._area, request.text.watched
        self._own = len(own)
        texts = (plain.text.prompt, plain.text.negative, edit.prompt)
        self._learnt = library.learnt_words(texts, base.facts.path)
        if bound := next((word for word in self._learnt if word.adapter), None):
            raise BadRequest(
                f'Words cannot be edited while the taught word "{bound.name}" brings changes of the model along.',
                hint="Take the word out of both prompts, or teach it by its embedding alone.",
            )
        bare = plain.replace(loras=(), controls=())
        before = bare.replace(prompt=edit.prompt, words=edit.words, watched=area.source, obedience=False)
        self._source = Lane(before, slots, base, library, **how)  # type: ignore[arg-type]
        after = bare.replace(watched=(*own, *area.edited))
        self._edited = Lane(after, slots, base, library, **how)  # type: ignore[arg-type]
        for lane in self._both:
            lane.runs, lane._controls, lane._styles = {}, self._controls, self._styles
        self._hands: dict[Family, Handover] = {}
        self._aside: list[StableDiffusion] = []
        self._cells: Tensor | None = None
        self._free: Tensor | None = None
        self._behind: Tensor | None = None

    @property
    def _both(self) -> tuple[Lane, Lane]:
        return self._source, self._edited

    def begin(self, batch: int, number: int = 0) -> None:
        """See `Ensemble`."""
        super().begin(batch, number)
        for lane in self._both:
            lane.begin(batch, number)
        self._free = None

    def _prepare(self, family: Family) -> None:
        if family in self._hands:
            return
        from engine.editing.keeping import Handover, LaneControl
        from engine.models.families.sd import StableDiffusion

        assert isinstance(family, StableDiffusion), "its architecture says so"
        self._aside.append(family)
        family.control.step_aside()
        hand = Handover()
        slots = [slot for slot, each in self._families.items() if each is family]
        for lane in self._both:
            lane.lend(slots, family, LaneControl(family.unet, hand, edited=lane is self._edited))
        self._join(family, hand)
        self._hands[family] = hand

    def _join(self, family: Family, hand: Handover) -> None:
        from engine.editing.aligning import token_map
        from engine.editing.keeping import LaneControl, prepare

        source, edited = (lane.runs[family] for lane in self._both)
        assert source.brief is not None and edited.brief is not None, "begun"
        assert isinstance(edited.control, LaneControl), "as it was lent"
        request = self._request
        prepare(hand, edited.control, token_map(source.brief.context, edited.brief.context, request, self._edit))

    def steer(self, x: Tensor, step: WalkStep) -> Tensor:
        """See `Ensemble`; where the picture may not differ, the edited one's latents are the source's."""
        import torch

        parts = []
        for lane, part in zip(self._both, x.chunk(2), strict=True):
            with lane.turn(step.sigma):
                parts.append(lane.steer(part, step))
        source, edited = parts
        if self._free is not None:
            edited = torch.where(self._free > 0, edited, source)
        return torch.cat([source, edited])

    def denoise(self, x: Tensor, sigma: float, *, fraction: float) -> Tensor:
        """See `Ensemble`. The sources rest once nothing more is taken from them."""
        import torch

        hand, edit = self._hands[self.family_at(sigma)], self._edit
        hand.cross, hand.shapes = fraction < edit.keep_cross, fraction < edit.keep_self
        source, edited = x.chunk(2)
        if hand.cross or hand.shapes or not self._area.everywhere:
            source = self._turn(self._source, hand, source, sigma, fraction)
        edited = self._turn(self._edited, hand, edited, sigma, fraction)
        if not self._area.everywhere:
            free = self._free = self._share(fraction, edited)
            mixed = source + free * (edited - source)
            edited = torch.where(free >= 1, edited, torch.where(free > 0, mixed, source))
        return torch.cat([source, edited])

    def _turn(self, lane: Lane, hand: Handover, x: Tensor, sigma: float, fraction: float) -> Tensor:
        with lane.turn(sigma):
            hand.open = True
            try:
                return lane.denoise(x, sigma, fraction=fraction)
            finally:
                hand.open = False

    def _share(self, fraction: float, like: Tensor) -> Tensor:
        """How far each cell is free: float32 `[1 or B, 1, h, w]`, 0..1."""
        import torch

        from engine.editing.area import attended

        if self._cells is None or self._cells.device != like.device:
            size = (int(like.shape[2]), int(like.shape[3]))
            self._cells = torch.from_numpy(self._area.painted(size))[None, None].to(like.device)
        share = self._cells
        for lane, count in ((self._source, len(self._area.source)), (self._edited, len(self._area.edited))):
            maps = lane.heatmaps() if count else None
            if maps is not None:
                share = torch.maximum(share, attended(maps[:, -count:], fraction).to(share))
        return share

    def shown(self, x: Tensor) -> Tensor:
        """See `Ensemble`."""
        self._behind, edited = x.chunk(2)
        return edited

    def placed(self, rgb: np.ndarray, number: int) -> np.ndarray:
        """See `Ensemble`. A decoder spreads what changes in a cell over its neighbours: so the edited picture is laid
        over the source's, which it is to the bit but for the area where it may differ and its soft edge."""
        from engine.reworking.compositing import laid_over

        if self._area.everywhere or self._free is None or self._behind is None:
            return rgb
        cells = self._free[min(number, len(self._free) - 1), 0].float().cpu().numpy()
        latent = self._base.noise.to_input(self._behind[number][None], self.walk.sigmas[-1])
        return laid_over(self._base.decode(latent)[0], rgb, self._area.shown(cells, (rgb.shape[0], rgb.shape[1])))

    def heatmaps(self) -> Tensor | None:
        """See `Ensemble`."""
        found = self._edited.heatmaps() if self._own else None
        return None if found is None else found[:, : self._own]

    def evidence(self, batch: int) -> list[tuple[tuple[float | None, ...], np.ndarray | None]]:
        """See `Ensemble`."""
        found = self._edited.evidence(batch)
        return [(scores, maps[: self._own] if self._own and maps is not None else None) for scores, maps in found]

    def keep(self, good: Tensor, step: WalkStep) -> None:
        """See `Ensemble`."""
        for lane in self._both:
            lane.keep(good, step)

    def mend(self, failed: WalkStep, dropped: Sequence[WalkStep]) -> str:
        """See `Ensemble`; both runs go on in the wider format."""
        for step in dropped:
            for lane in self._both:
                lane.family_at(step.sigma).undo()
        family = self.family_at(failed.sigma)
        source, edited = (lane.runs[family] for lane in self._both)
        edited.control.put_in_place()
        dtype = edited.widen()
        self._settle(edited)
        if dtype is None:
            return ""
        family.dtype = dtype
        source.control.put_in_place()
        source.follow(dtype)
        self._settle(source)
        self._join(family, self._hands[family])
        return str(dtype).removeprefix("torch.")

    @staticmethod
    def _settle(run: StableDiffusion) -> None:
        paint: LaneControl = run.control  # type: ignore[assignment]
        paint.settle(run.layout)

    def check_ours(self, *families: Family) -> None:
        """See `Ensemble`."""
        for lane in self._both:
            lane.check_ours()

    def _end(self) -> None:
        for lane in self._both:
            lane.forget()
        for family in self._aside:
            family.control.put_in_place()
        self._aside.clear()
        self._hands.clear()
        super()._end()
