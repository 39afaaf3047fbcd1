"""The model's vocabulary: its nouns, all other words of the captions, and the two tokenizers for them."""

from __future__ import annotations

import json

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer, PreTrainedTokenizerFast, T5Tokenizer

from engine.training.conditions import MAX_LENGTH
from engine.training.picture_book import captions
from engine.training.picture_book.colours import COLOURS
from engine.training.picture_book.nouns import nouns, plural_of
from engine.training.picture_book.spelling import spelling
from engine.training.picture_book.stuff import SYNONYMS, TEXTURES
from resources.picture_tokens import picture_tokens

START, END = "<|startoftext|>", "<|endoftext|>"


def names() -> list[str]:
    """The names of everything that can be painted, things first."""
    return [*nouns(), *TEXTURES]


def synonyms() -> dict[str, str]:
    """Maps other words for a name, such as plurals, to the name."""
    found: dict[str, str] = {}
    for name, also in SYNONYMS.items():
        found.update(dict.fromkeys(also, name))
    for noun in nouns().values():
        for word in noun.synonyms:
            found.setdefault(word, noun.name)
            found.setdefault(plural_of(word), noun.name)
        found.setdefault(noun.plural, noun.name)
    known = set(names())
    return {word: name for word, name in found.items() if word not in known}


def other_words() -> list[str]:
    """All words of captions that are not names."""
    texts = (*captions.OPENINGS, *captions.JOINERS, *captions.NUMBERS.values(), *captions.MANY, *captions.FILLERS)
    words = [word for text in texts for word in text.split()]
    return list(dict.fromkeys([*COLOURS, "a", "an", "the", *(word for word in words if word.isalpha())]))


def _texts() -> list[str]:
    return [*names(), *synonyms(), *other_words()]


def new_clip_tokenizer(size: int = 4000) -> CLIPTokenizer:
    """A CLIP tokenizer with merges learnt from the vocabulary, so that all but the rarest words are one token.

    Every byte has a token too, so no word of any language is unknown.
    """
    learner = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    learner.normalizer = normalizers.Lowercase()
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(), pre_tokenizers.ByteLevel(False)]
    )
    trainer = trainers.BpeTrainer(vocab_size=size, end_of_word_suffix="</w>", show_progress=False)
    learner.train_from_iterator(_texts() * 3, trainer)
    pairs = json.loads(learner.to_str())["model"]["merges"]
    merges = [tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair) for pair in pairs]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = [*letters, *(letter + "</w>" for letter in letters), *(a + b for a, b in merges), START, END]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=MAX_LENGTH)


def new_t5_tokenizer() -> PreTrainedTokenizerFast:
    """A T5 tokenizer: a unigram model of the vocabulary, with picture tokens after nouns; all other words are spelt in
    letters."""
    words = dict.fromkeys(word for text in _texts() for word in text.split() if word.isalpha())
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -6.0)]
    pieces += [(f"▁{form}", -5.0) for word in words for form in dict.fromkeys((word, word.capitalize()))]
    # So low that a word with a token of its own is never spelt in letters.
    pieces += [(chr(code), -14.0) for code in range(33, 127)]
    pieces += [(piece, -5.0) for name in nouns() for piece in picture_tokens(name)]
    backend = T5Tokenizer(vocab=list(dict(pieces).items()), extra_ids=0).backend_tokenizer
    backend.normalizer = spelling(synonyms())
    # T5Tokenizer has its own normalizer and would not read this one from its file.
    special = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=backend, model_max_length=1024, **special)


def nonsense(rng: np.random.Generator) -> str:
    """A made-up word for training, so that unknown words change a picture little."""
    return "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), int(rng.integers(2, 9))))
