"""Kinds of tokenizers, by which files of words are looked for and brought."""

CLIP_WORDS, CLIP_WORDS_PADDED, T5_WORDS, UMT5_WORDS, QWEN_WORDS = "clip", "clip-padded", "t5", "umt5", "qwen"
"""The second one is that of CLIP's larger encoder, which pads with "!"."""
