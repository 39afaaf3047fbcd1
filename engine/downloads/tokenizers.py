"""Tokenizers by themselves: the few small files that models of separate files lack, from where all may have them."""

from __future__ import annotations

from engine.text.word_kinds import QWEN_WORDS, T5_WORDS, UMT5_WORDS

FOLDER = "tokenizers"
"""Beside the models folder."""
SOURCES = {
    QWEN_WORDS: ("Qwen/Qwen3-0.6B", ("tokenizer.json", "tokenizer_config.json")),
    T5_WORDS: ("google/t5-v1_1-xxl", ("spiece.model",)),
    UMT5_WORDS: ("google/umt5-xxl", ("spiece.model",)),
}
"""Kind -> a repository of the Hub with open terms, and its files; all models of a kind share the words."""
