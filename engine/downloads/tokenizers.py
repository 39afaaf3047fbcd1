"""Tokenizers by themselves: the few small files that models of separate files lack, from where all may have them."""

from __future__ import annotations

import threading

from engine.downloads import offers
from engine.downloads.offers import Offer
from engine.errors import DownloadFailed
from engine.models.assembly.record import QWEN_WORDS, T5_WORDS, UMT5_WORDS

FOLDER = "tokenizers"
"""Beside the models folder."""
SOURCES = {
    QWEN_WORDS: ("Qwen/Qwen3-0.6B", ("tokenizer.json", "tokenizer_config.json")),
    T5_WORDS: ("google/t5-v1_1-xxl", ("spiece.model",)),
    UMT5_WORDS: ("google/umt5-xxl", ("spiece.model",)),
}
"""Kind -> a repository of the Hub with open terms, and its files; all models of a kind share the words."""


def look_up(kind: str, *, cancel: threading.Event, timeout: float = 30.0) -> Offer:
    """Ask for the files of a tokenizer; they become a folder of the kind's name. See `offers.look_up` for the errors.

    Args:
        kind: one of `SOURCES`.
    """
    if kind not in SOURCES:
        raise DownloadFailed(
            f'There is no tokenizer "{kind[:40]}".',
            hint=f"There are: {', '.join(f'tokenizer:{each}' for each in SOURCES)}.",
        )
    name, files = SOURCES[kind]
    return offers.small_files(name, files, called=kind, beside=FOLDER, cancel=cancel, timeout=timeout)
