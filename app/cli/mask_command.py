"""The command `wordbrush mask`: where words are in a picture that is there already, as masks or cut-outs."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.cli.heatmap_files import word_names
from app.cli.output import DONE, Cancelled, CommandError, progress, put, put_json, say
from app.cli.paint_option import numbered
from app.cli.parser import Parser, cancel_on_interrupt, number, whole

_EPILOG = """\
The mask is grey: white is the word. Words of a prompt tell where one thing ends and the next begins, so name what else
the picture shows: --prompt "a house by a lake" house. A picture that Wordbrush made brings its own prompt.
"""


def run(arguments: list[str]) -> int:
    """Run `wordbrush mask`; returns the exit code."""
    parser = Parser(
        prog="wordbrush mask", description="Find words in any picture, and write where they are.", epilog=_EPILOG
    )
    add = parser.add_argument
    add("picture", metavar="PICTURE", type=Path, help="any picture, or a scene file with its picture")
    add(
        "phrases",
        metavar="PHRASE[#N]",
        nargs="+",
        help="a word or phrase; #2 is its second place in the prompt",
    )
    add("--out", metavar="FILE.png|DIR", type=Path, required=True, help="the mask; a folder for several words")
    add("--prompt", metavar="TEXT", help="what the picture shows; phrases that it lacks come behind it")
    add("--cut-out", action="store_true", help="write the words themselves, see-through around them")
    add(
        "--sharpen",
        metavar="N",
        type=whole,
        help="how often self-attention refines the mask: 0 to 16, default 1",
    )
    add("--noise", metavar="X", type=number, nargs="+", help="the noise levels to look at, default 0.15 0.4 0.8")
    add("--seed", metavar="N", type=whole, default=0, help="of the noise, default 0")
    add("--model", metavar="NAME|PATH", default="starter", help="a model in the library, or its path")
    add("--device", metavar="NAME", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    add("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args(arguments)
    rgb, prompt = picture_of(options.picture, options.prompt)
    from engine.masking.asking import asked, beside
    from engine.masking.finding import SearchCancelled, find
    from engine.protocol import WordSearch

    prompt, words = asked(prompt, [numbered(phrase) for phrase in options.phrases])
    paths = _paths(options.out, word_names(prompt, words))
    given = {"sharpen": options.sharpen, "noise": None if options.noise is None else tuple(options.noise)}
    search = WordSearch(
        rgb=rgb, prompt=prompt, words=words, beside=beside(prompt, words), seed=options.seed, model=options.model,
        device=options.device, **{name: value for name, value in given.items() if value is not None},
    )  # fmt: skip
    with cancel_on_interrupt() as cancel, progress() as news:
        try:
            found = find(search, progress=news, cancel=cancel)
        except SearchCancelled as error:
            raise Cancelled from error
    if found.sharpened < search.sharpen:
        say("This model does not show what belongs together: the masks are not sharpened.")
    for path, mask in zip(paths, found.masks, strict=True):
        _write(path, mask, rgb if options.cut_out else None)
    rows = [
        {"phrase": prompt[slice(*span)], "span": span, "path": str(path), "area": float((mask > 127).mean())}
        for span, path, mask in zip(words, paths, found.masks, strict=True)
    ]
    if options.json:
        size = [rgb.shape[1], rgb.shape[0]]
        about = {"sharpened": found.sharpened, "model": options.model}
        put_json({"schema": 1, "masks": rows, "prompt": prompt, "size": size, **about})
    else:
        for path, span, mask in zip(paths, words, found.masks, strict=True):
            put(f"{path}  {prompt[slice(*span)]}, {100 * float((mask > 127).mean()):.0f} % of the picture")
    return DONE


def picture_of(file: Path, prompt: str | None) -> tuple[np.ndarray, str]:
    """A picture, uint8 RGB, and what it shows: `prompt`, or else what its file says.

    Raises:
        CommandError: it is not there, of another kind, or a scene without a picture. SceneFileError: it is damaged.
    """
    from canvas.files import reading

    if not file.is_file():
        raise CommandError(f'There is no file "{file}".', hint="Check the path of the picture.")
    if file.suffix.lower() not in reading.SUFFIXES:
        raise CommandError(f'"{file.name}" is no picture.', hint="Give a PNG, JPEG, WebP, BMP, TIFF or GIF file.")
    opened = reading.read_all(file)
    if opened.picture is None:
        raise CommandError(f'"{file.name}" has no picture in it.', hint="Render the scene first.")
    made_by = opened.made_by or opened.scene
    return opened.picture, prompt if prompt is not None else "" if made_by is None else made_by.prompt


def _paths(out: Path, names: list[str]) -> list[Path]:
    if len(names) == 1 and not out.is_dir():
        if out.suffix.lower() != ".png":
            raise CommandError(f'"{out.name}" does not end in .png.', hint=f"Name it {out.stem or 'mask'}.png.")
        return [out]
    if out.is_file() or out.suffix.lower() == ".png":
        raise CommandError("Several words need a folder.", hint=f"Name a folder: --out {out.stem or 'masks'}.")
    from canvas.model.errors import SaveError

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "Name another place with --out, or check that you may write there."
        raise SaveError(f'The folder "{out}" could not be made.', hint=hint, details=repr(error)) from error
    return [out / f"{name}.png" for name in names]


def _write(path: Path, mask: np.ndarray, rgb: np.ndarray | None) -> None:
    from canvas.files import atomic
    from canvas.files.image_io import png_bytes
    from canvas.paint.cutout import with_alpha

    atomic.write(path, png_bytes(mask if rgb is None else with_alpha(rgb, mask)))
