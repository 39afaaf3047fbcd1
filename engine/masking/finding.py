"""Finds words in a picture that is there already: one request in, a mask for each word out."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from engine.errors import BadReference, BadRequest, EngineError, WordNotInPrompt
from engine.masking.deciding import is_spread, masks_of, standing_out, words_of
from engine.masking.looking import look
from engine.masking.sharpening import sharpened
from engine.models.library import Library, shared_library
from engine.protocol import WordSearch, WordsFound
from resources.limits import MAX_SIDE

MOST_SHARPENED = 16
MOST_NOISE = 16
SMALLEST = 16

Progress = Callable[[str, float], None]


class SearchCancelled(EngineError):
    """A search was stopped before its end."""

    def __init__(self) -> None:
        super().__init__("The search was stopped.", hint="Start it again.")


def find(
    search: WordSearch,
    *,
    library: Library | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> WordsFound:
    """Find words in a picture, in the calling thread.

    The picture's latents are noised at each of `search.noise` and denoised there in one step with the prompt; what the
    words drew of the attention (DAAM, arXiv 2210.04885) is refined by self-attention (`engine.masking.sharpening`),
    and words, the rest and the picture's edges decide (`engine.masking.deciding`).

    Args:
        library: the models to use; by default one that all calls share.
        progress: `progress(text, share)`, called as the work goes on, share 0..1.
        cancel: set it, from any thread, to stop before the next layer of a network.

    Raises:
        SearchCancelled: `cancel` was set. BadReference: the picture is of another kind, or too small. BadRequest: no
        word, or another value out of its range. WordNotInPrompt: a span lies outside of the prompt, or has no token.
        EngineError: what the engine reports.

    Example:
        >>> found = find(WordSearch(rgb=rgb, prompt="a house by a lake", words=((2, 7),), beside=((13, 17),)))
        >>> house = found.masks[0]
    """
    library, cancel = library or shared_library(), cancel or threading.Event()
    progress = progress or (lambda text, share: None)
    check_search(search)

    def check() -> None:
        if cancel.is_set():
            raise SearchCancelled

    check()
    seen = look(search, library, check=check, told=progress)
    maps, wanted = words_of(seen.maps, seen.grid), len(search.words)
    maps = maps[[n for n in range(len(maps)) if n < wanted or not is_spread(maps[n])]]
    times = search.sharpen if seen.looks is not None else 0
    if seen.looks is not None:
        maps = sharpened(maps, seen.looks[0], times)
    progress("Looking for edges", 0.98)
    check()
    masks = masks_of(maps, search.rgb, wanted)
    progress("Done", 1.0)
    return WordsFound(masks=masks, maps=standing_out(maps)[:wanted].numpy(), sharpened=times)


def check_search(search: WordSearch) -> None:
    """Raise the error that a value out of its range is, see `find`."""
    rgb = search.rgb
    if not isinstance(rgb, np.ndarray) or rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise BadReference(
            "Words can only be found in a picture of 8 bits for each of red, green and blue.",
            hint="Pass uint8 RGB of the shape [height, width, 3].",
        )
    if not min(rgb.shape[:2]) >= SMALLEST or max(rgb.shape[:2]) > MAX_SIDE:
        raise BadReference(
            f"The picture has {rgb.shape[1]} x {rgb.shape[0]} pixels.",
            hint=f"Choose one with {SMALLEST} to {MAX_SIDE} pixels a side.",
        )
    if not search.prompt.strip() or not search.words:
        raise BadRequest("No word was named that is to be found.", hint="Name a word that the picture shows.")
    for start, end in (*search.words, *search.beside):
        if not 0 <= start < end <= len(search.prompt):
            raise WordNotInPrompt(
                f"The prompt has no word at {start} to {end}.", hint="Name words of the prompt by their places in it."
            )
    if not 0 <= search.sharpen <= MOST_SHARPENED:
        raise BadRequest(
            f"Sharpening {search.sharpen} times is not possible.", hint=f"Choose 0 to {MOST_SHARPENED} times."
        )
    good = [isinstance(sigma, int | float) and 0 < sigma <= 1000 for sigma in search.noise]
    if not 1 <= len(good) <= MOST_NOISE or not all(good):
        raise BadRequest(
            "The picture cannot be looked at with this noise.",
            hint=f"Name 1 to {MOST_NOISE} levels, each above 0 and at most 1000.",
        )
