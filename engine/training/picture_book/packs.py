"""Installs the icon packs and draws the sprites: `python -m engine.training.picture_book.packs --out DIR`.

Three openly licensed packs are downloaded from the npm registry at pinned versions; resvg renders each noun's drawings
once. None of them is stored in the repository. DIR then holds `node_modules/`, `png/` and `index.json`; see
`sprites.py`.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from engine.training.picture_book.errors import PackError
from engine.training.picture_book.nouns import Noun, nouns
from resources.pictures import read_picture

SIDE = 400
"""A sprite's longer side in pixels, enough for a thing that fills three quarters of a picture."""

_TONES = ("light", "medium-light", "medium", "medium-dark", "dark")


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One icon pack of the npm registry's scope @iconify-json, at the version that we use.

    Attributes:
        key: the letter that stands for it in the noun tables.
        licence: as SPDX names it. author, source: for the attribution.
    """

    key: str
    name: str
    version: str
    licence: str
    title: str
    author: str
    source: str

    @property
    def package(self) -> str:
        """The name of its npm package."""
        return f"@iconify-json/{self.name}@{self.version}"


PACKS = (
    Pack(
        key="F",
        name="fluent-emoji-flat",
        version="1.2.6",
        licence="MIT",
        title="Fluent Emoji Flat",
        author="Microsoft Corporation",
        source="https://github.com/microsoft/fluentui-emoji",
    ),
    Pack(
        key="N",
        name="noto",
        version="1.2.9",
        licence="Apache-2.0",
        title="Noto Emoji",
        author="Google Inc",
        source="https://github.com/googlefonts/noto-emoji",
    ),
    Pack(
        key="T",
        name="twemoji",
        version="1.2.5",
        licence="CC-BY-4.0",
        title="Twemoji",
        author="Twitter, Inc and other contributors",
        source="https://github.com/jdecked/twemoji",
    ),
)
"""Each pack is a separate style. Packs with share-alike licences are not used."""


@dataclass(frozen=True)
class Drawing:
    """One drawing of a noun: the pack's key, the icon's name there, and the skin tone if it has one."""

    pack: str
    icon: str
    tone: str = ""


class Icons:
    """The icons of one installed pack.

    Args:
        data: its `icons.json`.
    """

    def __init__(self, pack: Pack, data: dict[str, Any]) -> None:
        self.pack, self._data = pack, data

    @classmethod
    def load(cls, pack: Pack, folder: Path) -> Icons:
        """Load a pack that npm has installed in `folder`.

        Raises:
            PackError: it is missing or has another version.
        """
        root = folder / "node_modules" / "@iconify-json" / pack.name
        try:
            version = json.loads((root / "package.json").read_text("utf-8"))["version"]
            data = json.loads((root / "icons.json").read_text("utf-8"))
        except (OSError, ValueError, KeyError) as error:
            raise PackError(f"{root} holds no icon pack: {error}") from error
        if version != pack.version:
            raise PackError(
                f"{pack.name} is installed at {version}, not at {pack.version}: empty {folder} and try again"
            )
        return cls(pack, data)

    def __contains__(self, name: str) -> bool:
        return name in self._data["icons"] or name in self._data.get("aliases", {})

    def svg(self, name: str) -> str:
        """The icon as a complete SVG document."""
        data, icons = self._data, self._data["icons"]
        alias = data.get("aliases", {}).get(name)
        icon = icons[alias["parent"]] if alias and name not in icons else icons[name]
        box = [icon.get(side, data.get(side, normal)) for side, normal in _BOX]
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="{" ".join(map(str, box))}">{icon["body"]}</svg>'
        )

    def find(self, token: str) -> list[Drawing]:
        """The drawings in this pack, if any, for a token of a table that does not name a pack.

        `~boy` means `boy-dark`, `boy-dark-skin-tone`, and so on, as packs spell skin tones differently.
        """
        if token.startswith("~"):
            found = []
            for tone in _TONES:
                for name in (f"{token[1:]}-{tone}", f"{token[1:]}-{tone}-skin-tone"):
                    if name in self:
                        found.append(Drawing(self.pack.key, name, tone))
                        break
            return found
        return [Drawing(self.pack.key, token)] if token in self else []


_BOX = (("left", 0), ("top", 0), ("width", 16), ("height", 16))


def drawings(noun: Noun, packs: dict[str, Icons]) -> list[Drawing]:
    """Every drawing of a noun in the packs, each once.

    Raises:
        PackError: the table names an icon that the pack does not have.
    """
    found: dict[Drawing, None] = {}
    left_out = []
    for token in noun.icons:
        letter, colon, name = token.partition(":")
        if letter.startswith("!"):
            left_out.append(Drawing(letter[1:], name))
        elif colon:
            if name not in packs[letter]:
                raise PackError(f"{noun.name}: there is no {name} in {packs[letter].pack.name}")
            found[Drawing(letter, name)] = None
        else:
            for pack in packs.values():
                found.update(dict.fromkeys(pack.find(token)))
    return [drawing for drawing in found if drawing not in left_out]


def render(svg: str, side: int = SIDE) -> Image.Image:
    """Render an SVG to RGBA, cropped to its visible part, with a longer side of at most `side` pixels."""
    import resvg_py

    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side))
    image = read_picture(png, kinds=("PNG",)).convert("RGBA")
    box = image.getchannel("A").point(lambda alpha: 255 if alpha > 8 else 0).getbbox()
    return image.crop(box) if box else image


def install(folder: Path) -> None:
    """Install the packs in `folder` with npm, without running any of their scripts.

    Raises:
        PackError: npm is missing or failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"name": "picture-book-packs", "private": true}\n')
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *(pack.package for pack in PACKS)]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise PackError("npm is not installed; the icon packs come from its registry") from error
    except subprocess.CalledProcessError as error:
        raise PackError(f"npm could not install the icon packs: {error.stderr.strip()[-400:]}") from error


def draw_all(folder: Path, packs: dict[str, Icons]) -> dict[str, Any]:
    """Render all drawings of all nouns into `folder/png`, then write `folder/index.json`; returns its content."""
    (folder / "png").mkdir(parents=True, exist_ok=True)
    rows = []
    for noun in nouns().values():
        stem = re.sub("[^a-z]+", "-", noun.name.lower())
        for number, drawing in enumerate(drawings(noun, packs)):
            name = f"{stem}-{drawing.pack}{number}.png"
            image = render(packs[drawing.pack].svg(drawing.icon))
            image.save(folder / "png" / name)
            rows.append({"noun": noun.name, **asdict(drawing), "file": name, "size": image.size})
    index = {"side": SIDE, "packs": [asdict(pack) for pack in PACKS], "drawings": rows}
    part = folder / "index.part"
    part.write_text(json.dumps(index, indent=1) + "\n")
    part.replace(folder / "index.json")
    return index


def main(argv: list[str] | None = None) -> int:
    """Install, render, and print how many drawings the nouns have; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.picture_book.packs", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for packs and sprites, outside the repository")
    parser.add_argument("--skip-install", action="store_true", help="the packs are in the folder already")
    arguments = parser.parse_args(argv)
    if not arguments.skip_install:
        install(arguments.out)
    index = draw_all(arguments.out, {pack.key: Icons.load(pack, arguments.out) for pack in PACKS})
    counts = dict.fromkeys(nouns(), 0)
    for row in index["drawings"]:
        counts[row["noun"]] += 1
    none = [name for name, count in counts.items() if not count]
    print(
        f"{sum(counts.values())} drawings of {len(counts) - len(none)} nouns; not drawn in any pack: {none or 'none'}"
    )
    packs = {name: {row["pack"] for row in index["drawings"] if row["noun"] == name} for name in counts}
    print(f"drawn in fewer than three packs: {[name for name, drawn in packs.items() if len(drawn) < 3]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
