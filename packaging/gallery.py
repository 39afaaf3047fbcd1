"""Makes the gallery, a page of pictures each with the command that made it: `python packaging/gallery.py`."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

from gallery_page import (  # noqa: E402
    Example,
    Shot,
    from_root,
    keep,
    pictures_of,
    plain,
    section,
    spoken,
)
from gallery_tools import Tools  # noqa: E402

from app.cli import main as cli  # noqa: E402
from canvas.files import ora  # noqa: E402
from resources.pictures import read_picture  # noqa: E402

FOLDER = ROOT / "packaging" / "gallery"
FIGURES = ROOT / "packaging" / "figures"
EXAMPLES = ROOT / "resources" / "examples"
REFERENCES = ROOT / "resources" / "references"
SCENES = 3  # of the examples, in the sections on experts and encoders
WORKED, COLOURED = 1, 0  # of the examples: what is worked on, and what begins from colours
WIDER = 256  # pixels
CHURCH = "a red balloon, a blue balloon and the moon in the night sky over hills and flowers with a church and a dragon"
EVENING = "a house on hills by a lake under a rainbow in a sky, with a white boat and two balloons"
EVENING_COLOURS = {"blue sky": (250, 176, 190), "red house": (120, 80, 190)}

EXPERTS = (("one denoiser", ("--experts", "base")), ("the ensemble", ("--experts", "ensemble")))
ENCODERS = (
    ("CLIP alone", ("--encoders", "clip")),
    ("T5 alone", ("--encoders", "t5")),
    ("both", ("--encoders", "clip,t5")),
)
ATTRIBUTES = (("all in one", ("--no-structured",)), ("each apart", ("--structured",)))


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
        sections = [self._paint(), self._experts(), self._encoders(), self._attributes(), self._styles()]
        sections += [self._work(), Tools(self).section()]
        page.write_text("\n\n".join([HEAD, *sections]) + "\n", encoding="utf-8")
        for gone in before - pictures_of(page):
            (self.out / gone).unlink(missing_ok=True)
        return page

    def run(self, command: Sequence[str]) -> dict[str, Any]:
        """See `run` below."""
        return run(command)

    def shot(self, section: str, example: Example, caption: str, flags: Sequence[str]) -> Shot:
        """Make one picture."""
        name = f"{section}-{example.short}-{plain(caption)}"
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

    def _attributes(self) -> str:
        """Two of a noun in two colours."""
        worked = self.examples[WORKED]
        look = LOOK["attributes"].format(attributes=self.link(FIGURES / "attributes.json"))
        shots = [self.shot("attributes", worked, name, flags) for name, flags in ATTRIBUTES]
        return section("Attributes together", look, [f"`{flags[0]}`" for _, flags in ATTRIBUTES], [shots])

    def _styles(self) -> str:
        example = max(self.examples, key=lambda example: len(example.scene.words))
        rows: list[list[str | Shot]] = [["none", self.shot("style", example, "no style", ())]]
        for file in sorted(REFERENCES.glob("*.jpg")):
            link = self.link(file)
            styled = self.shot("style", example, file.stem, ("--style", from_root(file)))
            rows.append([f"![{file.stem}, the reference]({link})<br>{file.stem}", styled])
        return section("The look of a picture", LOOK["style"], ["the reference", "the result"], rows)

    def link(self, file: Path) -> str:
        """A file as the page points to it."""
        return quote(os.path.relpath(file, self.out).replace(os.sep, "/"))

    def _work(self) -> str:
        """What is done with a picture that is there, each beginning from the first."""
        figures = {name: FIGURES / f"{name}.json" for name in ("repaint", "colours")}
        look = LOOK["work"].format(**{name: self.link(file) for name, file in figures.items()})
        worked, coloured = self.examples[WORKED], self.examples[COLOURED]
        areas = {word.phrase: worked.scene.masks[word.id].to_array() for word in worked.scene.words}
        start = from_root(self.out / f"work-{worked.short}-as-it-was-made.webp")
        castle = self.area("castle", areas["castle"])
        wider = {
            phrase: self.area(f"wider {phrase}", np.pad(areas[phrase], ((0, 0), (0, WIDER)), mode="edge"))
            for phrase in ("night sky", "hills", "flowers")
        }
        paint = [part for phrase, file in wider.items() for part in ("--paint", f"{phrase}={file}")]
        things = {word.phrase: coloured.scene.masks[word.id].to_array() for word in coloured.scene.words}
        house, sky = (self.area(name, things[phrase]) for name, phrase in (("house", "red house"), ("sky", "blue sky")))
        sketch = np.zeros((*things["red house"].shape, 4), np.uint8)
        for phrase, colour in EVENING_COLOURS.items():
            sketch[things[phrase] > 127] = (*colour, 255)
        colours = self.out / "paint-work-colours.png"
        Image.fromarray(sketch).quantize(8).save(colours, optimize=True)
        church = ("--prompt", CHURCH, "--paint", f"church={castle}", "--from", start, "--repaint", "church")
        shape = (*church[:-1], "church:all", "--keep-shape", "picture", "--shows", worked.scene.prompt)
        evening = ("--prompt", EVENING, "--paint", f"house={house}", "--paint", f"sky={sky}")
        rows = [
            ["The picture that all but the last start from.", self._worked(worked, "as it was made", ())],
            [
                f"`--repaint`: [the castle's paint]({Path(castle).name}) now says church, and only that is redone.",
                self._worked(worked, "repainted", church),
            ],
            [
                "`--edit-from`: the castle became a church in the prompt, and took its paint over; the rest of the"
                " picture is kept.",
                self._worked(worked, "edited", ("--edit-from", from_root(worked.file), "--prompt", CHURCH)),
            ],
            [
                f"`--keep-shape`: a church that fills [the castle's shape]({Path(castle).name}) exactly.",
                self._worked(worked, "in its shape", shape),
            ],
            ["`--from` with a strength of 0.65: another one like it.",
             self._worked(worked, "varied", ("--from", f"{start}:0.65", "--seed", "9"))],
            [
                "`--extend`: more on the right, where "
                + ", ".join(f"[{phrase}]({Path(file).name})" for phrase, file in wider.items())
                + " continue.",
                self._worked(worked, "extended", ("--from", start, "--extend", f"0,0,{WIDER},0", *paint)),
            ],
            ["`--refine 2`: twice as large with new details; its middle is shown, pixel by pixel.",
             self._worked(worked, "refined", ("--from", f"{start}:0", "--refine", "2"), middle=True)],
            [
                f"`--colours`: it starts from these colours under [the house]({Path(house).name}) and [the sky]"
                f"({Path(sky).name}), whose words name no colour.<br>![the colours]({colours.name})",
                self._worked(coloured, "from colours", (*evening, "--colours", f"{from_root(colours)}:0.5")),
            ],
        ]  # fmt: skip
        return section("Working on a picture", look, ["what was asked", "the result"], rows)

    def _worked(self, example: Example, caption: str, flags: Sequence[str], *, middle: bool = False) -> Shot:
        """Make one picture of that section; of a large one its middle is kept."""
        name = f"work-{example.short}-{plain(caption)}"
        raw = self.out / f"{name}.png"
        seed = () if "--seed" in flags else ("--seed", str(example.scene.settings.seed))
        command = ("render", from_root(example.file), *flags, *seed, *self.settings, "--out", from_root(raw))
        run(command)
        if middle:
            image = read_picture(raw).convert("RGB")
            left, top = image.width // 4, image.height // 4
            image.crop((left, top, left + image.width // 2, top + image.height // 2)).save(raw)
        keep(raw)
        return Shot(name, caption, example.title, command)

    def area(self, name: str, area: np.ndarray) -> str:
        """A mask as a file beside the page, by which a command paints a word."""
        path = self.out / f"paint-work-{plain(name)}.png"
        Image.fromarray(area // 17 * 17).save(path, optimize=True)
        return from_root(path)


HEAD = """\
# What Wordbrush makes

All pictures here were made by the program, from scenes that ship with it. Under each table are the exact commands that
made them, run in the top folder of the source; each writes a PNG, and the page shows a smaller copy. On another device
or with other versions a picture may differ a little. `python packaging/gallery.py` makes the whole page again."""

LOOK = {
    "paint": "Each area is painted for one word of the prompt: compare where it lies with where the thing comes out"
    " below.",
    "experts": "The same prompt, paint and seed, denoised by the base model alone or by an ensemble of experts, each"
    " at its own noise levels: look at edges and small detail, which the expert for low noise draws, and at the"
    " large shapes, which the one for high noise lays out.",
    "encoders": "The same prompt, paint and seed, the prompt read by CLIP, by T5, or by both: look at which of the"
    " named things appear, at their colours, and at how sure their shapes are.",
    "attributes": "The same prompt, paint and seed, the prompt read as a whole, or each painted word and each thing"
    " separately: look at the colours of the two balloons. On the starter pictures hardly change, and two colours"
    " are right about as often either way ([figures/attributes.json]({attributes})); with other models it is"
    " worth a try if colours get mixed up.",
    "work": "What is redone, what stays, and how the two meet: outside the part that is repainted, or added with its"
    " seam, each is bit for bit the picture that it started from. How often the starter puts a thing where it is"
    " asked for, and what a refined picture keeps, is in [figures/repaint.json]({repaint}); how close it stays to"
    " colours is in [figures/colours.json]({colours}).",
    "style": "The same prompt, paint and seed again, with a reference picture whose look is taken: look at colours,"
    " grain and lines, which follow the reference, and at the places of things, which do not. The starter was trained"
    " on none of these six looks.",
}


def run(command: Sequence[str]) -> dict[str, Any]:
    """Run `wordbrush` with these arguments, in this process and the tree's top folder; returns what `--json` says.

    Raises:
        SystemExit: it failed; the command has said why.
    """
    answer = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(answer):
        code = cli.main(command)
    if code:
        raise SystemExit(f"No gallery: this ended with {code}: {spoken(command)}")
    return json.loads(answer.getvalue()) if "--json" in command else {}


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
