"""Checks what a request says of the prompt that was edited, or of the picture that is to be changed by it."""

from __future__ import annotations

import numpy as np

from engine.attention.masks import check_word
from engine.errors import BadMask, BadRequest
from engine.protocol import GenerateRequest, InstructedPicture, PromptEdit
from engine.text.spans import check_span
from resources.checking import check
from resources.limits import Prompt
from resources.settings import check_settings


def check_edit(request: GenerateRequest, edit: PromptEdit) -> None:
    """Check `request.edit`.

    Raises:
        BadRequest, WordNotInPrompt, BadMask: the prompt is empty, a word or a weight is not for it, or the request asks
        for something that cannot be kept. Refused: a number is out of its range.
    """
    check_settings(edit)
    check(edit.prompt, Prompt, "The prompt of the picture that is edited")
    if not edit.prompt.strip():
        raise BadRequest(
            "The picture whose words are edited has no prompt.", hint="Give the prompt that it was made with."
        )
    width, height = request.picture.size
    for word in edit.words:
        check_span(edit.prompt, word.span)
        check_word(word, width=width, height=height)
    for weight in edit.weights:
        check_settings(weight)
        check_span(request.text.prompt, weight.span)
    if request.start is not None:
        raise BadRequest(
            "Words of a picture that started from another picture cannot be edited.",
            hint="Edit a picture that started from noise, or repaint the word's area instead.",
        )
    if any(lora.word is not None for lora in request.adapters.loras):
        raise BadRequest(
            "Words cannot be edited while a LoRA is bound to a word.",
            hint="Let the LoRA act in the whole picture, or remove it.",
        )


def check_instruct(request: GenerateRequest, asked: InstructedPicture) -> None:
    """Check `request.instruct`.

    Raises:
        BadRequest, BadMask: the picture or its mask has another size than the result, or the request asks for something
        that an instruction cannot go with. Refused: a number is out of its range.
    """
    check_settings(asked)
    width, height = request.picture.size
    if asked.rgb.dtype != np.uint8 or asked.rgb.shape != (height, width, 3):
        raise BadRequest(
            "The picture that is to be changed does not have the size of the result.",
            hint=f"Give a picture of {width}x{height} pixels.",
            details=f"{asked.rgb.dtype} {asked.rgb.shape}",
        )
    if asked.mask is not None:
        if asked.mask.dtype != np.uint8 or asked.mask.shape != (height, width):
            raise BadMask(
                "The area of the instruction does not have the size of the picture.",
                hint=f"Give a mask of {width}x{height} pixels.",
                details=f"{asked.mask.dtype} {asked.mask.shape}",
            )
        if not asked.mask.any():
            raise BadMask(
                "The area of the instruction is empty.", hint="Select an area, or leave it out to change the picture."
            )
    if any(other is not None for other in (request.start, request.colours, request.edit, request.refine)):
        raise BadRequest(
            "A picture that an instruction changes cannot start from another one or from colours, have words edited or"
            " be refined in the same run.",
            hint="Do one after the other.",
        )
