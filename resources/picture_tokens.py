"""Picture tokens: the pieces of a tokenizer that hold one part of a word's picture each, in places of a square.

The picture book's T5 reads 36 of them after every noun. With one vector for a word a denoiser must learn by heart what
each thing looks like; here it learns to look up the part that belongs where it draws, which is the same for all things.
"""

from __future__ import annotations

SIDE = 6
COUNT = SIDE * SIDE
"""A word's parts, in rows from the top left of the square around its picture."""

OPEN, CLOSE = "⟨", "⟩"


def picture_tokens(name: str) -> list[str]:
    """The pieces of a word's picture, such as `⟨fire_engine·7⟩`."""
    return [f"{OPEN}{name.replace(' ', '_')}·{part}{CLOSE}" for part in range(COUNT)]


def part_of(piece: str) -> int | None:
    """Which part a piece is, 0..35; None if it is no picture token."""
    if not (piece.startswith(OPEN) and piece.endswith(CLOSE)):
        return None
    number = piece[1:-1].rpartition("·")[2]
    return int(number) if number.isdecimal() and int(number) < COUNT else None
