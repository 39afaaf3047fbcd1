"""Makes the gallery, a page of pictures each with the command that made it: `python packaging/gallery.py`."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.cli import main as cli  # noqa: E402
from canvas.files import ora  # noqa: E402
from canvas.model.scene import Scene  # noqa: E402
from resources.pictures import read_picture  # noqa: E402

FOLDER = ROOT / "packaging" / "gallery"
EXAMPLES = ROOT / "resources" / "examples"
REFERENCES = ROOT / "resources" / "references"
SCENES = 3  # of the examples, in the sections on experts and encoders
LARGEST = 40_000  # bytes of a picture
PAPER = (244, 242, 238)

EXPERTS = (("one denoiser", ("--experts", "base")), ("the ensemble", ("--experts", "ensemble")))
ENCODERS = (
    ("CLIP alone", ("--encoders", "clip")),
    ("T5 alone", ("--encoders", "t5")),
    ("both", ("--encoders", "clip,t5")),
)


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
        return _plain(self.title)

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
    """One picture of the gallery: its name without an ending, what it shows, and the arguments that make it."""

    name: str
    caption: str
    title: str
    command: tuple[str, ...]

    @property
    def cell(self) -> str:
        """The picture and its caption, for a table."""
        seed = self.command[self.command.index("--seed") + 1]
        return f"![{self.title}: {self.caption}]({self.name}.jpg)<br>{self.caption}, seed {seed}"


class Gallery:
    """Runs the commands and writes the page; `settings` are flags that all commands get."""

    def __init__(self, out: Path, settings: Sequence[str]) -> None:
        self.out, self.settings = out, tuple(settings)
        self.examples = [Example(file, ora.load(file)) for file in sorted(EXAMPLES.glob("*.ora"))]

    def write(self) -> Path:
        """Make all pictures and the page, which is returned; pictures of the page before that it no longer shows go."""
        self.out.mkdir(parents=True, exist_ok=True)
        page = self.out / "README.md"
        before = pictures_of(page)
        sections = [self._paint(), self._experts(), self._encoders(), self._styles()]
        page.write_text("\n\n".join([HEAD, *sections]) + "\n", encoding="utf-8")
        for gone in before - pictures_of(page):
            (self.out / gone).unlink(missing_ok=True)
        return page

    def shot(self, section: str, example: Example, caption: str, flags: Sequence[str]) -> Shot:
        """Make one picture."""
        name = f"{section}-{example.short}-{_plain(caption)}"
        raw = self.out / f"{name}.png"
        always = ("--seed", str(example.scene.settings.seed), *self.settings)
        command = ("render", from_root(example.file), *flags, *always, "--out", from_root(raw))
        run(command)
        keep(raw)
        return Shot(name, caption, example.title, command)

    def _paint(self) -> str:
        rows = []
        for example in self.examples:
            name = f"paint-{example.short}.png"
            example.paint().quantize(64).save(self.out / name, optimize=True)
            rows.append([f"![{example.title}: the paint]({name})", f"{example.title}: “{example.prompt}”"])
        return section("The scenes", LOOK["paint"], ["the paint", "the prompt, painted words in bold"], rows)

    def _experts(self) -> str:
        return self._compared("experts", "One denoiser or an ensemble", EXPERTS)

    def _encoders(self) -> str:
        return self._compared("encoders", "Two readers of the prompt", ENCODERS)

    def _compared(self, name: str, title: str, ways: Sequence[tuple[str, tuple[str, ...]]]) -> str:
        rows = [
            [self.shot(name, example, caption, flags) for caption, flags in ways] for example in self.examples[:SCENES]
        ]
        header = [f"`{' '.join(flags)}`" for _, flags in ways]
        return section(title, LOOK[name], header, rows)

    def _styles(self) -> str:
        example = max(self.examples, key=lambda example: len(example.scene.words))
        rows: list[list[str | Shot]] = [["none", self.shot("style", example, "no style", ())]]
        for file in sorted(REFERENCES.glob("*.jpg")):
            link = quote(os.path.relpath(file, self.out).replace(os.sep, "/"))
            styled = self.shot("style", example, file.stem, ("--style", from_root(file)))
            rows.append([f"![{file.stem}, the reference]({link})<br>{file.stem}", styled])
        return section("The look of a picture", LOOK["style"], ["the reference", "what came of it"], rows)


HEAD = """\
# What Wordbrush makes

All pictures here were made by the program, from scenes that ship with it. Under each table are the very commands that
made them, as they were run in the tree's top folder; each writes a PNG, of which the page shows a small JPEG. On
another device or with other versions a picture may differ a little. `python packaging/gallery.py` makes the whole page
again."""

LOOK = {
    "paint": "Each area is painted for one word of the prompt: compare where it lies with where the thing comes out"
    " below.",
    "experts": "The same prompt, paint and seed, denoised by the base model alone or by an ensemble of experts, each at"
    " the noise levels that it owns: look at edges and small detail, which the expert for low noise draws, and at the"
    " large shapes, which the one for high noise lays out.",
    "encoders": "The same prompt, paint and seed, the prompt read by CLIP, by T5, or by both: look at which of the"
    " named things come, at their colours, and at how sure their shapes are.",
    "style": "The same prompt, paint and seed again, with a reference picture whose look is taken: look at colours,"
    " grain and lines, which follow the reference, and at the places of things, which do not. The starter was trained"
    " on none of these six looks.",
}


def pictures_of(page: Path) -> set[str]:
    """The pictures beside a page that it shows; none where there is no page."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return set(re.findall(r"\]\(([a-z0-9-]+\.(?:jpg|png))\)", text))


def section(title: str, look_at: str, header: Sequence[str], rows: Sequence[Sequence[str | Shot]]) -> str:
    """A headline, what to look at, a table, and the commands that made what is in it."""
    lines = [f"## {title}", "", look_at, "", _row(header), _row(["---"] * len(header))]
    lines += [_row([cell.cell if isinstance(cell, Shot) else cell for cell in row]) for row in rows]
    commands = [spoken(cell.command) for row in rows for cell in row if isinstance(cell, Shot)]
    if commands:
        lines += ["", "<details><summary>The commands</summary>", "", "```", *commands, "```", "", "</details>"]
    return "\n".join(lines)


def spoken(command: Sequence[str]) -> str:
    """A command's arguments as one types them; `shlex.split` gives them back."""
    return " ".join(["wordbrush", *(_quoted(argument) for argument in command)])


def run(command: Sequence[str]) -> None:
    """Run `wordbrush` with these arguments, in this process and the tree's top folder.

    Raises:
        SystemExit: it failed; the command has said why.
    """
    with contextlib.chdir(ROOT):
        code = cli.main(command)
    if code:
        raise SystemExit(f"No gallery: this ended with {code}: {spoken(command)}")


def keep(raw: Path) -> Path:
    """Replace a picture by a JPEG of that name, as good as it can be under `LARGEST` bytes; returns it."""
    path = raw.with_suffix(".jpg")
    rgb = read_picture(raw).convert("RGB")
    for quality in range(92, 20, -6):
        rgb.save(path, "JPEG", quality=quality, subsampling=0, optimize=True)
        if path.stat().st_size < LARGEST:
            break
    raw.unlink()
    return path


def from_root(path: Path) -> str:
    """A path as it is typed in the tree's top folder."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _quoted(argument: str) -> str:
    return f'"{argument}"' if re.fullmatch(r"[\w./:,=-]+( [\w./:,=-]+)+", argument) else shlex.quote(argument)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the gallery."""
    parser = argparse.ArgumentParser(description="Make the gallery page and its pictures.")
    add = parser.add_argument
    add("--model", metavar="NAME|PATH", help="by default the one that the scenes name: the starter")
    add("--out", metavar="DIR", type=Path, default=FOLDER, help="where the page goes")
    add("--steps", metavar="N", help="denoising steps; by default the scenes' own")
    add("--device", metavar="NAME", default="cpu", help="cpu by default, where others can make the same pictures")
    options = parser.parse_args(arguments)
    settings = ["--device", options.device]
    if options.model:
        is_path = Path(options.model).exists()
        settings += ["--model", str(Path(options.model).resolve()) if is_path else options.model]
    if options.steps:
        settings += ["--steps", options.steps]
    print(Gallery(options.out.resolve(), settings).write())


if __name__ == "__main__":
    main()
