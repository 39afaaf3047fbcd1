"""The denoiser of a picture that is changed as its prompt says (InstructPix2Pix, arXiv 2211.09800)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import BadRequest
from engine.experts.ensemble import Ensemble
from engine.experts.slots import ExpertSlot
from engine.models.library import Library
from engine.protocol import Fidelity, GenerateRequest
from engine.reworking.compositing import cells_of, laid_over, soft_surroundings

if TYPE_CHECKING:
    from engine.models.families.base import Family, RunConfig


def area_of(request: GenerateRequest) -> np.ndarray | None:
    """Where an instruction acts: uint8 `[height, width]`, the mask, or all paint of its words, or everywhere (None)."""
    assert request.instruct is not None, "else there is no picture"
    if request.instruct.mask is not None:
        return request.instruct.mask
    masks = [word.mask for word in request.text.words if word.strength > 0]
    return np.maximum.reduce(masks) if masks else None


class InstructedEnsemble(Ensemble):
    """As `Ensemble`, with the picture beside the noise; see `engine.models.families.instructed`.

    Outside of the instruction's area (`area_of`) the prediction is the one without the instruction; decoded, the
    picture is laid over the one that was given, with a soft edge of 8 pixels, beyond which every bit is as it was.

    Raises:
        BadRequest: the law gives each area a prompt of its own.
    """

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
        assert request.instruct is not None, "else there is no picture"
        how = {"guidance": guidance, "paint_weight": paint_weight, "fidelity": fidelity, "check": check}
        super().__init__(request.replace(compile="off"), slots, base, library, **how)  # type: ignore[arg-type]
        if self._law.regional:
            raise BadRequest(
                "An instruction cannot be followed while each painted area has a prompt of its own.",
                hint='Choose another rule for the paint, such as "default".',
            )
        self._picture, self._area = request.instruct, area_of(request)

    def _make_config(self, family: Family) -> RunConfig:
        import torch

        from engine.models.families.instructed import PictureGuide
        from engine.models.families.sd import StableDiffusion

        assert isinstance(family, StableDiffusion), "its facts say so"
        area = None
        if self._area is not None:
            cells = cells_of(self._area, family.latent_size(*self._request.picture.size))
            area = torch.from_numpy(cells)[None, None].to(family.device)
        picture = family.coder.encode_raw(self._picture.rgb)
        guide = PictureGuide(picture, float(self._picture.guidance), area)
        return replace(super()._make_config(family), guide=guide)

    def placed(self, rgb: np.ndarray, number: int) -> np.ndarray:
        """See `Ensemble`."""
        if self._area is None:
            return rgb
        return laid_over(self._picture.rgb, rgb, soft_surroundings(self._area > 0))
