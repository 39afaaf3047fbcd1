"""What a picture begins from, as the engine is asked for it."""

from __future__ import annotations

from canvas.model.begun import Begun
from canvas.model.scene import Scene
from engine.protocol import GenerateRequest, PromptEdit, Refinement, StartPicture


def begun_scene(scene: Scene, begun: Begun | None) -> Scene:
    """The scene as it is asked for: what begins from a picture has that in place of the scene's picture layers."""
    return scene if begun is None or begun.rgb is None or not scene.pictures else scene.replace(pictures=())


def begun_request(request: GenerateRequest, begun: Begun | None) -> GenerateRequest:
    """The request, begun from the picture, and with the second pass that `begun` names."""
    if begun is None:
        return request
    if begun.rgb is not None:
        start = StartPicture(rgb=begun.rgb, strength=begun.strength, mask=begun.mask, context=begun.context)
        request = request.replace(start=start)
    if isinstance(begun.edit, PromptEdit):
        request = request.replace(edit=begun.edit)
    if begun.scale > 1:
        refine = Refinement(scale=begun.scale, strength=begun.detail, upscaler=begun.upscaler)
        request = request.replace(refine=refine)
    return request
