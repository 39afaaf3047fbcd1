"""The parts of the gallery's page: scenes, pictures with the commands that made them, tables, files beside the page."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from canvas.model.scene import Scene
from resources.pictures import read_picture

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 10_000  # bytes of a picture
ENDING = ".webp"
PAPER = (244, 242, 238)

Command = tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """A scene that ships."""

    file: Path
    scene: Scene

    @property
    def title(self) -> str:
        """Its name without the number that sorts it."""
        return self.file.stem.lstrip("0123456789").strip() or self.file.stem

    @property
    def short(self) -> str:
        """Its name as a part of a picture's name."""
        return plain(self.title)

    @property
    def prompt(self) -> str:
        """The prompt, its painted words in bold."""
        text = self.scene.prompt
        for start, end in sorted((word.span for word in self.scene.words if word.span), reverse=True):
            text = f"{text[:start]}**{text[start:end]}**{text[end:]}"
        return text

    def paint(self) -> Image.Image:
        """What is painted, each area in its word's colour and with its name."""
        width, height = self.scene.size
        rgb = np.full((height, width, 3), PAPER, np.float32)
        areas = [(word, self.scene.masks[word.id].to_array()) for word in self.scene.words]
        for word, area in areas:
            rgb += (np.array([*bytes.fromhex(word.color[1:])]) - rgb) * (area[..., None] / 255)
        image = Image.fromarray(np.round(rgb).astype(np.uint8))
        draw, font = ImageDraw.Draw(image), ImageFont.load_default(13)
        for word, area in areas:
            # Where most of the area is near, which is well inside of it, whatever its shape.
            reach = min(width, height) // 12
            wide = Image.fromarray(np.pad(area, 3 * reach)).filter(ImageFilter.GaussianBlur(reach))
            near = np.asarray(wide)[3 * reach : -3 * reach, 3 * reach : -3 * reach]
            y, x = np.unravel_index(int(near.argmax()), near.shape)
            half = draw.textlength(word.phrase, font) / 2 + 4
            place = (float(np.clip(x, half, max(half, width - half))), float(np.clip(y, 12, height - 12)))
            draw.text(place, word.phrase, "white", font, "mm", stroke_width=2, stroke_fill=(24, 24, 28))
        return image


@dataclass(frozen=True)
class Shot:
    """One picture of the gallery: its name without the ending, what it shows, and the arguments that make it; `before`
    are those of commands that come first."""

    name: str
    caption: str
    title: str
    command: Command
    before: tuple[Command, ...] = ()

    @property
    def cell(self) -> str:
        """The picture and its caption, for a table."""
        seed = f", seed {self.command[self.command.index('--seed') + 1]}" if "--seed" in self.command else ""
        return f"![{self.title}: {self.caption}]({self.name}{ENDING})<br>{self.caption}{seed}"

    @property
    def commands(self) -> tuple[Command, ...]:
        """All that are run for it, in their order."""
        return *self.before, self.command


@dataclass(frozen=True)
class Told:
    """What a command answered, where it makes no picture; `cell` is its text for a table."""

    command: Command
    cell: str

    @property
    def commands(self) -> tuple[Command, ...]:
        """The one."""
        return (self.command,)


def pictures_of(page: Path) -> set[str]:
    """The pictures beside a page that it shows; none where there is no page."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return set(re.findall(r"\]\(([a-z0-9-]+\.(?:jpg|png|webp))\)", text))


def section(title: str, look_at: str, header: Sequence[str], rows: Sequence[Sequence[str | Shot | Told]]) -> str:
    """A headline, what to look at, a table, and the commands that made what is in it."""
    lines = [f"## {title}", "", look_at, "", _row(header), _row(["---"] * len(header))]
    lines += [_row([cell if isinstance(cell, str) else cell.cell for cell in row]) for row in rows]
    cells = [cell for row in rows for cell in row if not isinstance(cell, str)]
    commands = [spoken(command) for cell in cells for command in cell.commands]
    if commands:
        lines += ["", "<details><summary>The commands</summary>", "", "```", *commands, "```", "", "</details>"]
    return "\n".join(lines)


def spoken(command: Sequence[str]) -> str:
    """A command's arguments as one types them; `shlex.split` gives them back."""
    return " ".join(["wordbrush", *(_quoted(argument) for argument in command)])


def keep(raw: Path, largest: int = LARGEST) -> Path:
    """Replace a picture by a WebP of that name, as good as it can be under `largest` bytes; returns it.

    It stays transparent where it is, as what is cut out of a picture.
    """
    path = raw.with_suffix(ENDING)
    picture = read_picture(raw)
    rgb = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    for quality in range(92, 1, -6):
        rgb.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size < largest:
            break
    raw.unlink()
    return path


def from_root(path: Path) -> str:
    """A path as it is typed in the tree's top folder."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _quoted(argument: str) -> str:
    return f'"{argument}"' if re.fullmatch(r"[\w./:,=-]+( [\w./:,=-]+)+", argument) else shlex.quote(argument)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
