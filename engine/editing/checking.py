"""Checks what a request says of the prompt that was edited."""

from __future__ import annotations

from engine.attention.masks import check_word
from engine.errors import BadRequest
from engine.protocol import GenerateRequest, PromptEdit
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
