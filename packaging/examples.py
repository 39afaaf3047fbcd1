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

import resources  # noqa: E402
from app.generation.request_builder import request_from_scene  # noqa: E402
from canvas.files import ora  # noqa: E402
from canvas.model import edits  # noqa: E402
from canvas.model.scene import Scene, Settings  # noqa: E402
from canvas.model.tiled_mask import TiledMask  # noqa: E402
from canvas.model.words import find_phrase  # noqa: E402
from engine import Failed, ImageReady, generate  # noqa: E402
from engine.placing.table import Thing, table_of  # noqa: E402
from resources.pictures import decode, open_picture  # noqa: E402

SIZE = (512, 512)
Shape = Callable[[ImageDraw.ImageDraw], None]
Point = tuple[float, float]


def area(*points: Point) -> Shape:
    """A filled outline."""
    return lambda draw: draw.polygon([(4 * x, 4 * y) for x, y in points], fill=255)


def oval(x: float, y: float, width: float, height: float) -> Shape:
    """A filled ellipse about `(x, y)`."""
    bounds = [4 * (x - width / 2), 4 * (y - height / 2), 4 * (x + width / 2), 4 * (y + height / 2)]
    return lambda draw: draw.ellipse(bounds, fill=255)


TABLE = table_of(resources.path("starter"))


def drawn(name: str, x: float, y: float, side: float) -> Shape:
    """The outline of a thing as the starter knows it, in the middle of a square about `(x, y)`.

    The square lies on the grid of the starter's latents, in which a thing is sharpest; sides are 24, 48, 96 or 192.
    """
    thing = TABLE.known[name] if TABLE is not None else None
    assert isinstance(thing, Thing), name
    rows, columns = thing.outline.shape
    width, height = (round(4 * side * length / max(rows, columns)) for length in (columns, rows))
    step = max(4 * 8, round(4 * side / 6))
    left, top = (step * round((4 * at - 2 * side) / step) for at in (x, y))
    shape = Image.fromarray(thing.outline.astype(np.uint8) * 255).resize((width, height), Image.Resampling.BICUBIC)
    corner = left + round(2 * side - width / 2), top + round(2 * side - height / 2)
    return lambda draw: draw.bitmap(corner, shape.point(lambda value: 255 * (value > 127)), fill=255)


def both(*shapes: Shape) -> Shape:
    """Several shapes as one."""

    def draw_all(draw: ImageDraw.ImageDraw) -> None:
        for shape in shapes:
            shape(draw)

    return draw_all


def below(*line: Point) -> Shape:
    """Everything under a line from the left edge to the right one."""
    return area(*line, (256, 256), (0, 256))


def above(*line: Point) -> Shape:
    """Everything over a line from the left edge to the right one."""
    return area(*line, (256, 0), (0, 0))


def mask(shape: Shape, holes: list[Shape]) -> np.ndarray:
    """uint8 `[512, 512]`: the shape less its holes, with the soft edge of a brush."""
    image = Image.new("L", (1024, 1024), 0)
    shape(ImageDraw.Draw(image))
    for hole in holes:
        cut = Image.new("L", image.size, 0)
        hole(ImageDraw.Draw(cut))
        image.paste(0, mask=cut)
    return np.asarray(image.resize(SIZE, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(3)))


# Later words lie over earlier ones: each area is cut out of those before it. Points are in 256ths of the picture.
EXAMPLES: dict[str, tuple[str, int, list[tuple[str, Shape]]]] = {
    "1 Red house by the lake": (
        "a red house on hills by a lake under a rainbow in a blue sky, with a white boat and two balloons",
        5,
        [
            ("blue sky", above((0, 140), (256, 130))),
            ("hills", below((0, 128), (60, 104), (150, 118), (256, 100))),
            ("lake", below((0, 212), (96, 196), (150, 176), (256, 168))),
            ("rainbow", drawn("rainbow", 196, 64, 96)),
            ("red house", drawn("house", 64, 128, 96)),
            ("white boat", drawn("sailing boat", 192, 192, 96)),
            ("two balloons", both(drawn("balloon", 120, 40, 48), drawn("balloon", 32, 40, 48))),
        ],
    ),
    "2 Night of the balloons": (
        "a red balloon, a blue balloon and the moon in the night sky over hills and flowers with a castle and a dragon",
        4,
        [
            ("night sky", above((0, 150), (128, 126), (256, 150))),
            ("hills", below((0, 138), (60, 118), (150, 140), (256, 116))),
            ("flowers", below((0, 196), (110, 186), (256, 204))),
            ("castle", drawn("castle", 184, 128, 96)),
            ("red balloon", drawn("balloon", 40, 48, 48)),
            ("blue balloon", drawn("balloon", 112, 40, 48)),
            ("moon", drawn("moon", 216, 40, 48)),
            ("dragon", drawn("dragon", 72, 176, 96)),
        ],
    ),
    "3 The fox goes camping": (
        "a fox, a tent, a campfire and an owl under the crescent moon in the night sky, with a forest and grass",
        4,
        [
            ("night sky", above((0, 140), (256, 140))),
            ("forest", area((0, 168), (0, 96), (70, 108), (150, 92), (256, 104), (256, 168))),
            ("grass", below((0, 158), (120, 150), (256, 160))),
            ("crescent moon", drawn("crescent moon", 208, 40, 48)),
            ("owl", drawn("owl", 56, 64, 48)),
            ("tent", drawn("tent", 72, 160, 96)),
            ("fox", drawn("fox", 192, 168, 96)),
            ("campfire", drawn("campfire", 128, 216, 48)),
        ],
    ),
    "4 Penguins by the aurora": (
        "three penguins, a snowman and a Christmas tree on snow under an aurora, with mountains",
        3,
        [
            ("aurora", above((0, 132), (256, 132))),
            ("mountains", area((0, 170), (0, 112), (60, 72), (120, 118), (190, 66), (256, 120), (256, 170))),
            ("snow", below((0, 156), (120, 148), (256, 160))),
            ("Christmas tree", drawn("Christmas tree", 208, 144, 96)),
            ("snowman", drawn("snowman", 64, 144, 96)),
            (
                "three penguins",
                both(drawn("penguin", 40, 216, 48), drawn("penguin", 120, 208, 48), drawn("penguin", 192, 216, 48)),
            ),
        ],
    ),
    "5 Breakfast with the bear": (
        "a teddy bear, a teapot, pancakes, a strawberry and a vase on a table, with a window in a wall",
        6,
        [
            ("wall", above((0, 160), (256, 160))),
            ("table", below((0, 160), (256, 160))),
            ("window", drawn("window", 192, 64, 96)),
            ("teddy bear", drawn("teddy bear", 80, 112, 96)),
            ("vase", drawn("vase", 232, 152, 48)),
            ("teapot", drawn("teapot", 168, 168, 48)),
            ("pancakes", drawn("pancakes", 88, 208, 48)),
            ("strawberry", drawn("strawberry", 208, 224, 48)),
        ],
    ),
    "6 The octopus and the treasure": (
        "an octopus, a treasure, a whale, a turtle and two tropical fish in the deep sea, with coral on sand",
        4,
        [
            ("deep sea", above((0, 200), (256, 200))),
            ("sand", below((0, 196), (100, 206), (180, 194), (256, 202))),
            ("whale", drawn("whale", 72, 56, 96)),
            ("turtle", drawn("turtle", 208, 48, 48)),
            ("octopus", drawn("octopus", 144, 136, 96)),
            ("two tropical fish", both(drawn("tropical fish", 40, 136, 48), drawn("tropical fish", 224, 120, 48))),
            ("coral", drawn("coral", 48, 208, 48)),
            ("treasure", drawn("treasure", 216, 216, 48)),
        ],
    ),
    "7 The cow and the moon": (
        "a cow over the moon in the night sky, a violin, a cat, a spoon and a plate on grass, with a star",
        3,
        [
            ("night sky", above((0, 168), (256, 168))),
            ("grass", below((0, 166), (90, 156), (256, 168))),
            ("moon", drawn("moon", 152, 112, 96)),
            ("star", drawn("star", 224, 40, 48)),
            ("cow", drawn("cow", 96, 48, 96)),
            ("violin", drawn("violin", 112, 208, 48)),
            ("cat", drawn("cat", 48, 184, 96)),
            ("spoon", drawn("spoon", 168, 208, 48)),
            ("plate", drawn("plate", 224, 208, 48)),
        ],
    ),
    "8 The hippo's holiday": (
        "a hippopotamus, an ice cream, an umbrella, a crab and a palm tree on sand by the sea, the sun in a blue sky",
        5,
        [
            ("blue sky", above((0, 104), (256, 104))),
            ("sea", area((0, 150), (0, 100), (256, 100), (256, 150))),
            ("sand", below((0, 142), (120, 150), (256, 136))),
            ("sun", drawn("sun", 208, 40, 48)),
            ("palm tree", drawn("palm tree", 56, 96, 96)),
            ("umbrella", drawn("umbrella", 208, 128, 96)),
            ("hippopotamus", drawn("hippopotamus", 136, 184, 96)),
            ("ice cream", drawn("ice cream", 216, 216, 48)),
            ("crab", drawn("crab", 48, 216, 48)),
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


THUMBNAIL = 128  # pixels; OpenRaster allows 256
COLOURS = {ora.MERGED: 64, ora.THUMBNAIL: 128, "data/picture.png": 256}


def pack_tightly(file: Path) -> None:
    """The same file with smaller PNGs, as the program saves quickly rather than small, and a smaller thumbnail.

    A preview that other programs show has 64 colours, the thumbnail 128, the picture 256; paint has all of its own.
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
