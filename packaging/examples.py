"""Draws the example scenes of resources/examples and, where the model is there, paints them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.request import request_from_scene  # noqa: E402
from canvas import edits, ora  # noqa: E402
from canvas.masks import TiledMask  # noqa: E402
from canvas.scene import Scene, Settings  # noqa: E402
from canvas.words import find_phrase  # noqa: E402
from engine import Failed, ImageReady, generate  # noqa: E402

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


def block(x: float, y: float, width: float, height: float) -> Shape:
    """A rounded block about `(x, y)`."""
    box = [4 * (x - width / 2), 4 * (y - height / 2), 4 * (x + width / 2), 4 * (y + height / 2)]
    return lambda draw: draw.rounded_rectangle(box, 32, fill=255)


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
        "a red house by a lake with mountains, a tree and the sun in a blue sky",
        7,
        [
            ("blue sky", above((0, 110), (90, 80), (180, 96), (256, 84))),
            ("mountains", area((0, 132), (0, 92), (52, 46), (98, 84), (150, 40), (206, 88), (256, 60), (256, 132))),
            ("lake", below((0, 128), (256, 128))),
            ("sun", oval(208, 38, 58, 58)),
            ("red house", block(86, 150, 92, 88)),
            ("tree", block(200, 160, 78, 102)),
        ],
    ),
    "2 Night of the balloons": (
        "a red balloon, a blue balloon and the moon in the night sky over hills and flowers with a castle",
        11,
        [
            ("night sky", above((0, 150), (128, 126), (256, 150))),
            ("hills", below((0, 138), (60, 118), (150, 140), (256, 116))),
            ("flowers", below((0, 196), (110, 186), (256, 204))),
            ("castle", block(170, 154, 116, 112)),
            ("red balloon", oval(50, 66, 62, 92)),
            ("blue balloon", oval(124, 58, 56, 84)),
            ("moon", oval(212, 40, 58, 58)),
        ],
    ),
    "3 A lake in the sky": (
        "a lake, a desert, a lighthouse and a cloud",
        3,
        [
            ("lake", above((0, 128), (80, 112), (170, 138), (256, 120))),
            ("desert", below((0, 128), (80, 112), (170, 138), (256, 120))),
            ("cloud", oval(178, 52, 104, 58)),
            ("lighthouse", block(70, 160, 66, 136)),
        ],
    ),
    "4 Harvest sunset": (
        "a windmill and a tent in wheat near a forest at sunset",
        5,
        [
            ("sunset", above((0, 120), (256, 120))),
            ("forest", area((0, 150), (0, 104), (80, 92), (170, 108), (256, 94), (256, 150))),
            ("wheat", below((0, 142), (256, 148))),
            ("windmill", block(82, 136, 104, 136)),
            ("tent", area((196, 150), (244, 230), (148, 230))),
        ],
    ),
}


def scene_of(prompt: str, seed: int, painted: list[tuple[str, Shape]]) -> Scene:
    """The scene of one example."""
    scene = Scene(prompt=prompt, size=SIZE, settings=Settings(seed=seed))
    for index, (phrase, shape) in enumerate(painted):
        scene, word = edits.add_word(scene, find_phrase(prompt, phrase, 1))
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


def main() -> None:
    """Write all examples."""
    folder = ROOT / "resources" / "examples"
    for name, (prompt, seed, painted) in EXAMPLES.items():
        scene = scene_of(prompt, seed, painted)
        ora.save(folder / f"{name}.ora", scene, picture=paint(scene))
        print(folder / f"{name}.ora")


if __name__ == "__main__":
    main()
