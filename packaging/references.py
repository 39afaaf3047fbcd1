"""Draws the reference pictures of resources/references: `python packaging/references.py`, in looks never trained on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.world.looks import Look  # noqa: E402
from engine.world.scenes import HELD_OUT, render_scene  # noqa: E402

FOLDER = ROOT / "resources" / "references"
QUALITY = 88


@dataclass(frozen=True)
class Reference:
    """One picture: what a painter calls its look, the look itself, and which landscape it shows."""

    name: str
    look: Look
    scene: int

    def picture(self) -> Image.Image:
        """The landscape in its look, 256x256; no model has seen it, nor its look."""
        return Image.fromarray(render_scene(HELD_OUT + self.scene).in_look(self.look))


# One of each medium, all of engine.world.looks.WITHHELD. A look's seed shades its light: these were chosen by eye.
REFERENCES = (
    Reference("Autumn paper cut", Look("paper cut", "autumn", 0), 30),
    Reference("Dusk pixels", Look("pixel", "dusk", 9), 10),
    Reference("Mint ink", Look("ink", "mint", 0), 49),
    Reference("Moonlit water colour", Look("watercolour", "moonlit", 4), 59),
    Reference("Neon dots", Look("dots", "neon", 9), 17),
    Reference("Sepia print", Look("plain", "sepia", 2), 21),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write all references."""
    parser = argparse.ArgumentParser(description="Draw the reference pictures that the Style dock offers.")
    parser.add_argument("--out", metavar="DIR", type=Path, default=FOLDER, help="where they go")
    out: Path = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    for reference in REFERENCES:
        path = out / f"{reference.name}.jpg"
        reference.picture().save(path, "JPEG", quality=QUALITY, optimize=True)
        print(path)


if __name__ == "__main__":
    main()
