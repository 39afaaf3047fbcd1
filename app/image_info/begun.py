"""What a picture begins from, as the engine is asked for it."""

from __future__ import annotations

from typing import Any

from canvas.model import edits
from canvas.model.begun import Begun, EditedPrompt, PaintedThen
from canvas.model.colour_layer import ColourLayer
from canvas.model.scene import Scene
from engine.protocol import (
    GenerateRequest,
    InstructedPicture,
    KeptShape,
    PaintedWord,
    PromptEdit,
    Refinement,
    StartPicture,
    StyleReference,
    TextSettings,
    WordWeight,
)


def begun_scene(scene: Scene, begun: Begun | None) -> Scene:
    """The scene as it is asked for: what begins from a picture has that in place of the scene's picture layers; what an
    instruction changes is also without its colours and the experts of its timeline."""
    if begun is not None and begun.kind == "instruct" and (scene.has_ground or scene.settings.experts):
        scene = edits.set_settings(scene, experts=None).replace(colours=ColourLayer(scene.size))
    return scene if begun is None or begun.from_noise or not scene.pictures else scene.replace(pictures=())


def begun_request(request: GenerateRequest, begun: Begun | None) -> GenerateRequest:
    """The request, begun from the picture, or with it among the styles, and the second pass that `begun` names."""
    if begun is None:
        return request
    if begun.kind == "instruct" and begun.rgb is not None:
        picture = InstructedPicture(rgb=begun.rgb, guidance=begun.picture_guidance, mask=begun.mask)
        request = request.replace(instruct=picture)
    elif begun.rgb is not None and begun.kind == "tokens":
        own = StyleReference(rgb=begun.rgb, strength=begun.strength)
        request = request.replace(styles=(*request.conditioning.styles, own))
    elif begun.rgb is not None:
        shape = KeptShape(inverted=begun.shape == "picture", prompt=begun.shows) if begun.shape else None
        start = StartPicture(
            rgb=begun.rgb, strength=begun.strength, mask=begun.mask, context=begun.context, shape=shape
        )
        request = request.replace(start=start)
    if begun.edit is not None:
        request = request.replace(edit=asked_edit(begun.edit))
    if begun.scale > 1:
        refine = Refinement(scale=begun.scale, strength=begun.detail, upscaler=begun.upscaler)
        request = request.replace(refine=refine)
    return request


def edited_prompt(text: TextSettings, **how: Any) -> EditedPrompt:
    """The prompt and painted words of a picture whose words are edited; `how` it is kept, see `EditedPrompt`."""
    words = tuple(PaintedThen(word.span, word.mask, word.strength, word.window, word.fidelity) for word in text.words)
    return EditedPrompt(text.prompt, words, **how)


def asked_edit(edit: EditedPrompt) -> PromptEdit:
    """What the engine is told of it."""
    return PromptEdit(
        prompt=edit.prompt,
        words=tuple(PaintedWord(**vars(word)) for word in edit.words),
        keep_cross=edit.keep_cross,
        keep_self=edit.keep_self,
        weights=tuple(WordWeight(span=span, weight=weight) for span, weight in edit.weights),
        everywhere=edit.everywhere,
    )


def kept_edit(edit: PromptEdit) -> EditedPrompt:
    """What is kept beside a picture of what the engine was told; the reverse of `asked_edit`."""
    return edited_prompt(
        TextSettings(prompt=edit.prompt, words=edit.words),
        keep_cross=edit.keep_cross,
        keep_self=edit.keep_self,
        weights=tuple((each.span, each.weight) for each in edit.weights),
        everywhere=edit.everywhere,
    )
