"""What a picture begins from, as the engine is asked for it."""

from __future__ import annotations

from canvas.model.begun import Begun
from engine.protocol import GenerateRequest, Refinement, StartPicture


def begun_request(request: GenerateRequest, begun: Begun | None) -> GenerateRequest:
    """The request, begun from the picture, and with the second pass that `begun` names."""
    if begun is None:
        return request
    if begun.rgb is not None:
        start = StartPicture(rgb=begun.rgb, strength=begun.strength, mask=begun.mask, context=begun.context)
        request = request.replace(start=start)
    if begun.scale > 1:
        refine = Refinement(scale=begun.scale, strength=begun.detail, upscaler=begun.upscaler)
        request = request.replace(refine=refine)
    return request
