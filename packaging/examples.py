"""Draws the example scenes of resources/examples and, where the model is there, paints them."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.generation.request_builder import request_from_scene  # noqa: E402
from canvas.files import ora  # noqa: E402
from canvas.model import edits  # noqa: E402
from canvas.model.scene import Scene, Settings  # noqa: E402
from canvas.model.tiled_mask import TiledMask  # noqa: E402
from canvas.model.words import find_phrase  # noqa: E402
from engine import Failed, ImageReady, generate  # noqa: E402
from resources.pictures import decode, open_picture  # noqa: E402

SIZE = (256, 256)
Shape = Callable[[ImageDraw.ImageDraw], None]
Point = tuple[float, float]


def area(*points: Point) -> Shape:
    """A filled outline."""
    return lambda draw: draw.polygon([(4 * x, 4 * y) for x, y in points], fill=255)


def oval(x: float, y: float, width: float, height: float) -> Shape:
    """A filled ellipse about `(x, y)`."""
    box = [4 * (x - width / 2), 4 * (y - height / 2), 4 * (x + width / 2), 4 * (y + height / 2)]
    return lambda draw: draw.ellipse(box, fill=255)


def house(x: float, y: float, width: float, height: float) -> Shape:
    """Walls and a gable about `(x, y)`."""
    left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    eaves, inset = top + 0.44 * height, 0.1 * width
    walls = ((right, eaves), (right - inset, eaves), (right - inset, bottom), (left + inset, bottom))
    return area((left, eaves), (x, top), *walls, (left + inset, eaves))


def tree(x: float, y: float, width: float, height: float) -> Shape:
    """A crown on a trunk about `(x, y)`."""
    crown, trunk = oval(x, y - 0.16 * height, width, 0.68 * height), 0.08 * width
    foot = area(*((x + dx, y + dy) for dx, dy in ((-trunk, 0), (trunk, 0), (trunk, height / 2), (-trunk, height / 2))))

    def draw_both(draw: ImageDraw.ImageDraw) -> None:
        crown(draw)
        foot(draw)

    return draw_both


def castle(x: float, y: float, width: float, height: float) -> Shape:
    """A wall between three pointed towers about `(x, y)`."""
    steps = (0, 0.28), (0.14, 0), (0.28, 0.28), (0.28, 0.42), (0.38, 0.42), (0.38, 0.2), (0.5, -0.04), (0.62, 0.2)
    mirrored = (0.62, 0.42), (0.72, 0.42), (0.72, 0.28), (0.86, 0), (1, 0.28), (0.96, 1), (0.04, 1)
    return area(*((x + (u - 0.5) * width, y + (v - 0.5) * height) for u, v in (*steps, *mirrored)))


def church(x: float, y: float, width: float, height: float) -> Shape:
    """A nave beside a pointed tower about `(x, y)`."""
    outline = (0.04, 1), (0.04, 0.34), (0.23, 0.04), (0.42, 0.34), (0.42, 0.36), (0.92, 0.36), (1, 0.56), (1, 1)
    return area(*((x + (u - 0.5) * width, y + (v - 0.5) * height) for u, v in outline))


def arch(x: float, y: float, width: float, height: float) -> Shape:
    """The upper half of an ellipse that stands at `y`."""
    box = [4 * (x - width / 2), 4 * (y - height), 4 * (x + width / 2), 4 * (y + height)]
    return lambda draw: draw.pieslice(box, 180, 360, fill=255)


def below(*line: Point) -> Shape:
    """Everything under a line from the left edge to the right one."""
    return area(*line, (256, 256), (0, 256))


def above(*line: Point) -> Shape:
    """Everything over a line from the left edge to the right one."""
    return area(*line, (256, 0), (0, 0))


def mask(shape: Shape, holes: list[Shape]) -> np.ndarray:
    """uint8 `[256, 256]`: the shape less its holes, with the soft edge of a brush."""
    image = Image.new("L", (4 * SIZE[0], 4 * SIZE[1]), 0)
    shape(ImageDraw.Draw(image))
    for hole in holes:
        cut = Image.new("L", image.size, 0)
        hole(ImageDraw.Draw(cut))
        image.paste(0, mask=cut)
    return np.asarray(image.resize(SIZE, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1.5)))


# Later words lie over earlier ones: each area is cut out of those before it.
EXAMPLES: dict[str, tuple[str, int, list[tuple[str, Shape]]]] = {
    "1 Red house by the lake": (
        "a red house on grass by a lake, mountains, a tree and the sun in a blue sky",
        5,
        [
            ("blue sky", above((0, 110), (90, 80), (180, 96), (256, 84))),
            ("mountains", area((0, 132), (0, 96), (52, 46), (98, 84), (150, 40), (206, 88), (256, 60), (256, 132))),
            ("lake", below((0, 128), (256, 128))),
            ("grass", below((0, 166), (90, 172), (150, 196), (200, 200), (256, 190))),
            ("sun", oval(208, 38, 62, 62)),
            ("red house", house(80, 160, 96, 100)),
            ("tree", tree(202, 158, 84, 116)),
        ],
    ),
    "2 Night of the balloons": (
        "a red balloon, a blue balloon and the moon in the night sky over hills and flowers with a castle",
        4,
        [
            ("night sky", above((0, 150), (128, 126), (256, 150))),
            ("hills", below((0, 138), (60, 118), (150, 140), (256, 116))),
            ("flowers", below((0, 196), (110, 186), (256, 204))),
            ("castle", castle(172, 158, 124, 116)),
            ("red balloon", oval(50, 66, 66, 96)),
            ("blue balloon", oval(126, 60, 62, 90)),
            ("moon", oval(212, 40, 60, 60)),
        ],
    ),
    "3 A lake in the sky": (
        "a lake, a desert, a lighthouse and a cloud",
        5,
        [
            ("lake", above((0, 128), (80, 112), (170, 138), (256, 120))),
            ("desert", below((0, 128), (80, 112), (170, 138), (256, 120))),
            ("cloud", oval(178, 52, 108, 58)),
            ("lighthouse", area((58, 84), (70, 68), (82, 84), (82, 104), (100, 232), (40, 232), (58, 104))),
        ],
    ),
    "4 Harvest sunset": (
        "a windmill and a tent in wheat near a forest at sunset",
        6,
        [
            ("sunset", above((0, 120), (256, 120))),
            ("forest", area((0, 150), (0, 104), (80, 92), (170, 108), (256, 94), (256, 150))),
            ("wheat", below((0, 142), (256, 148))),
            ("windmill", area((30, 60), (82, 96), (134, 60), (140, 72), (100, 112), (114, 212), (50, 212), (64, 112))),
            ("tent", area((196, 146), (250, 230), (142, 230))),
        ],
    ),
    "5 Church in the lavender": (
        "a church in lavender, a sheep on grass, hills and a rainbow in a blue sky",
        4,
        [
            ("blue sky", above((0, 132), (128, 118), (256, 126))),
            ("hills", area((0, 150), (0, 118), (70, 98), (150, 122), (256, 96), (256, 150))),
            ("lavender", below((0, 146), (256, 142))),
            ("grass", below((0, 214), (110, 196), (180, 186), (256, 178))),
            ("rainbow", arch(82, 112, 148, 82)),
            ("church", church(172, 142, 112, 118)),
            ("sheep", oval(72, 206, 80, 62)),
        ],
    ),
    "6 Aurora over the city": (
        "the moon and an aurora over a city, snow, a red tent and a palm",
        3,
        [
            ("aurora", above((0, 132), (256, 132))),
            ("city", area((0, 176), (0, 120), (48, 104), (96, 128), (144, 96), (208, 122), (256, 106), (256, 176))),
            ("snow", below((0, 168), (120, 160), (256, 172))),
            ("moon", oval(58, 44, 58, 58)),
            ("red tent", area((96, 158), (148, 240), (44, 240))),
            ("palm", tree(202, 168, 92, 130)),
        ],
    ),
}


def scene_of(prompt: str, seed: int, painted: list[tuple[str, Shape]]) -> Scene:
    """The scene of one example."""
    scene = Scene(prompt=prompt, size=SIZE, settings=Settings(seed=seed))
    for index, (phrase, shape) in enumerate(painted):
        span = find_phrase(prompt, phrase, 1)
        assert span is not None, phrase
        scene, word = edits.add_word(scene, span)
        holes = [later for _, later in painted[index + 1 :]]
        scene = edits.set_mask(scene, word, TiledMask.from_array(mask(shape, holes)))
    return scene


def paint(scene: Scene) -> np.ndarray | None:
    """The picture that the starter makes of a scene; None where it cannot."""
    for event in generate(request_from_scene(scene, id="example")):
        if isinstance(event, ImageReady):
            return event.rgb
        if isinstance(event, Failed):
            print(f"no picture: {event.error}", file=sys.stderr)
    return None


THUMBNAIL = 128  # pixels; the picture itself is as large as the 256 that OpenRaster allows
COLOURS = {ora.MERGED: 64, ora.THUMBNAIL: 128}


def pack_tightly(file: Path) -> None:
    """The same file with smaller PNGs, as the program saves quickly rather than small, and a smaller thumbnail.

    What other programs show as a preview has 64 colours, the thumbnail 128; the layers have all of theirs.
    """
    with zipfile.ZipFile(file) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(file, "w") as archive:
        for entry, data in entries:
            if entry.filename.endswith(".png"):
                out, picture = io.BytesIO(), open_picture(data)
                if entry.filename == ora.THUMBNAIL:
                    picture = decode(picture)
                    picture.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
                if (count := COLOURS.get(entry.filename)) and len(picture.getcolors() or ()) not in range(1, count + 1):
                    picture = decode(picture).convert("RGB").quantize(count, method=Image.Quantize.MEDIANCUT)
                picture.save(out, "PNG", optimize=True)
                data = min(data, out.getvalue(), key=len)
            archive.writestr(entry, data)


def main() -> None:
    """Write all examples."""
    folder = ROOT / "resources" / "examples"
    for name, (prompt, seed, painted) in EXAMPLES.items():
        scene = scene_of(prompt, seed, painted)
        ora.save(folder / f"{name}.ora", scene, picture=paint(scene))
        pack_tightly(folder / f"{name}.ora")
        print(folder / f"{name}.ora")


if __name__ == "__main__":
    main()
