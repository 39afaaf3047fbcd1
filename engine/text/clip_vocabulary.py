"""The vocabulary of CLIP's tokenizer, which follows from its merges, so that only these ship."""

from __future__ import annotations

import lzma

import resources


def shipped_merges() -> str:
    """The text of the merges.txt that all of CLIP's text encoders share, which ships compressed."""
    packed = resources.path("models", "sd15") / "tokenizer" / "merges.txt.xz"
    return lzma.decompress(packed.read_bytes()).decode("utf-8")


def vocabulary(merges: str) -> dict[str, int]:
    """Return every token of CLIP's tokenizer with its id, in the order of the ids.

    The order is that of OpenAI's `simple_tokenizer.py`: the 256 bytes as signs that can be printed, each again at the
    end of a word, what each merge makes of its pair, and the two that begin and end a prompt.

    Args:
        merges: the text of a merges.txt, a line of a comment and then one pair a line.
    """
    signs = _signs_of_bytes()
    merged = ["".join(line.split()) for line in merges.splitlines()[1:] if line.strip()]
    tokens = [*signs, *(f"{sign}</w>" for sign in signs), *merged, "<|startoftext|>", "<|endoftext|>"]
    return {token: number for number, token in enumerate(tokens)}


def _signs_of_bytes() -> list[str]:
    """The printable bytes of Latin-1 as themselves; the others after them, as the signs from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = 256 - len(printable)
    return [chr(code) for code in printable] + [chr(0x100 + number) for number in range(others)]
