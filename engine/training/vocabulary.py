"""The starter's tokenizers, of CLIP's and T5's classes, with small vocabularies learnt from the world's captions."""

from __future__ import annotations

import json

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer, T5Tokenizer

from engine.training.data import training_render
from engine.world.captions import FILLERS, JOINERS, OPENINGS
from engine.world.objects import COLOURS
from engine.world.scenes import NAMES

START, END = "<|startoftext|>", "<|endoftext|>"
MAX_LENGTH = 77


def new_tokenizer(captions: int = 300, size: int = 900) -> CLIPTokenizer:
    """A CLIP tokenizer with byte-pair merges learnt from captions; every byte has a token, so no word is unknown."""
    corpus = [*[training_render(i).caption for i in range(captions)], *[*NAMES, *COLOURS, *OPENINGS, *FILLERS] * 20]
    learner = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    learner.normalizer = normalizers.Lowercase()
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(), pre_tokenizers.ByteLevel(False)]
    )
    learner.train_from_iterator(
        corpus, trainers.BpeTrainer(vocab_size=size, end_of_word_suffix="</w>", show_progress=False)
    )
    merges = [tuple(pair) for pair in _merges(learner)]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = [*letters, *(letter + "</w>" for letter in letters), *(a + b for a, b in merges), START, END]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=MAX_LENGTH)


def new_t5_tokenizer() -> T5Tokenizer:
    """A T5 tokenizer: a unigram model of the words in captions; all other words are spelt in letters."""
    texts = (*NAMES, *COLOURS, *OPENINGS, *JOINERS, *FILLERS, "a an the")
    words = dict.fromkeys(word for text in texts for word in text.split() if word.isalpha())
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -6.0)]
    pieces += [(f"▁{form}", -5.0) for word in words for form in dict.fromkeys((word, word.capitalize()))]
    # So low that a word with a token of its own is never spelt in letters.
    pieces += [(chr(code), -14.0) for code in range(33, 127)]
    return T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=512)


def learnt_words() -> dict[str, list[str]]:
    """The words of the captions, for `wordbrush.json`: the names that can be painted, and all other words."""
    pieces = [*COLOURS, "a", "an", "the", *FILLERS, *(word for text in (*OPENINGS, *JOINERS) for word in text.split())]
    return {"names": list(NAMES), "words": list(dict.fromkeys(piece for piece in pieces if piece.isalpha()))}


def _merges(learner: Tokenizer) -> list[list[str]]:
    pairs = json.loads(learner.to_str())["model"]["merges"]
    return [pair.split(" ") if isinstance(pair, str) else pair for pair in pairs]


def nonsense(rng: np.random.Generator) -> str:
    """A made-up word for training, so that unknown words change a picture little."""
    return "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), int(rng.integers(2, 9))))
