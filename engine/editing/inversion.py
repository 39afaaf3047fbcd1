"""Pictures inverted by the denoisers of a request: the latents, up to noise, from which its steps lead back to them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING

from engine.attention.fidelity import NONE
from engine.editing.aligning import pair_words
from engine.experts.ensemble import Ensemble
from engine.experts.slots import ExpertSlot
from engine.models.library import Library
from engine.protocol import GenerateRequest
from engine.reworking.shapes import Span, spans_within

if TYPE_CHECKING:
    from torch import Tensor

    from engine.models.families.base import Family, RunConfig
    from engine.reworking.session import Rework
    from engine.sampling.inversion import Inversion
    from engine.sampling.loop import Denoise, WalkStep


def inverted_by(
    ensemble: Ensemble, family: Family, clean: Tensor, *, rounds: int = 0
) -> Generator[WalkStep, None, Inversion]:
    """Invert a latent with the denoisers of an ensemble for which `load` and `begin` were called; yields each step.

    The ensemble's prompt says what the picture shows; its guidance should be 1. Its walk is the request's sampler's, so
    what is returned has a latent at each level that a run of the same request visits, whatever the sampler.

    Args:
        family: the request's own model. clean: float32 `[B, C, h, w]`, as `Family.encode_picture` gives it.
        rounds: see `engine.sampling.inversion.inverted`; 0 is the usual number.

    Raises:
        NotFinite: a step gave NaN or infinity. And others: see `Ensemble.activate`.
    """
    from engine.sampling.inversion import ROUNDS, inverted

    work = inverted(
        denoiser_of(ensemble), family.noise, ensemble.walk, clean.to(family.device), rounds=rounds or ROUNDS
    )
    return (yield from work)


class ShownEnsemble(Ensemble):
    """The denoisers of a request, for the way up from its picture: with the words that say what the picture shows.

    Args:
        request: one that begins from a picture within a shape. All other: see `Ensemble`.
    """

    def __init__(
        self,
        request: GenerateRequest,
        slots: tuple[ExpertSlot, ...],
        base: Family,
        library: Library,
        *,
        check: Callable[[], None],
    ) -> None:
        assert request.start is not None and request.start.shape is not None, "else there is nothing to invert"
        self._asked, shows = request, request.start.shape.prompt
        plain = request.replace(
            prompt=shows, negative="", words=(), watched=(), obedience=False, controls=(), styles=(), mood=None,
            clip_guidance=0.0, structured=False,
            loras=tuple(lora for lora in request.adapters.loras if lora.word is None), colours=None, refine=None,
            count=1, batch=1,
        )  # fmt: skip
        super().__init__(plain, slots, base, library, guidance=1.0, paint_weight=0.0, fidelity=NONE, check=check)

    def _with_shape(self, config: RunConfig, family: Family) -> RunConfig:
        from engine.experts.shapes import with_shape

        text, start = self._asked.text, self._asked.start
        assert start is not None and start.mask is not None, "checked"
        inner = spans_within(text.prompt, text.words, start.mask)
        return with_shape(
            config, self._request, family.facts, self._law, counterparts(self._request.text.prompt, text.prompt, inner)
        )


def invert_for(
    rework: Rework, slots: tuple[ExpertSlot, ...], family: Family, library: Library, *, check: Callable[[], None]
) -> Generator[tuple[str, float], None, None]:
    """Invert the picture of a request that keeps to a shape, and hand it over; yields (what comes next, fraction done).

    Raises:
        NotFinite: a step gave NaN or infinity. And others: see `Ensemble`.
    """
    start = rework.request.start
    assert start is not None, "it begins from a picture"
    ensemble = ShownEnsemble(rework.request, slots, family, library, check=check)
    try:
        yield from ensemble.load(done=0)
        ensemble.begin(1)
        work = inverted_by(ensemble, family, family.encode_picture(start.rgb))
        while True:
            try:
                step = next(work)
            except StopIteration as end:
                rework.inversion = end.value
                return
            yield "the picture's own noise", (step.total - step.index) / step.total
    finally:
        ensemble.close()


def counterparts(shows: str, prompt: str, spans: Sequence[Span]) -> list[Span]:
    """What stands in the text of a picture for these spans of a prompt: the same words, or those in their place."""
    pairs = pair_words(shows, prompt)
    both = (*pairs.kept, *pairs.swapped)
    return [old for old, new in both if any(span[0] < new[1] and new[0] < span[1] for span in spans)]


def denoiser_of(ensemble: Ensemble) -> Denoise:
    """An ensemble as the sampling loop calls it, `(x, step) -> x0`; each expert is brought in as its turn comes."""

    def denoise(x: Tensor, step: WalkStep) -> Tensor:
        ensemble.activate(step.sigma, last=False)
        return ensemble.denoise(x, step.sigma, fraction=step.fraction)

    return denoise
