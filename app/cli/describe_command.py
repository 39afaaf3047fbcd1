"""The command `wordbrush describe`: a prompt for a picture that is there already, with its words painted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.cli.mask_command import picture_of
from app.cli.output import DONE, Cancelled, CommandError, progress, put, put_json
from app.cli.parser import Parser, cancel_on_interrupt


def run(arguments: list[str]) -> int:
    """Run `wordbrush describe`; returns the exit code."""
    parser = Parser(
        prog="wordbrush describe",
        description="Say what a picture shows, by the words that the starter knows, or as a model with a"
        " vision-language encoder (such as Qwen-Image) says it: names, and where they are.",
    )
    parser.add_argument("picture", metavar="PICTURE", type=Path, help="any picture, or a scene file with its picture")
    parser.add_argument(
        "--out", "--scene", metavar="SCENE.ora", type=Path, help="write a scene: the prompt with its words painted"
    )
    parser.add_argument("--model", metavar="NAME|PATH", default="starter", help="whose words are told")
    parser.add_argument("--device", metavar="DEVICE", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args(arguments)
    if options.out is not None and options.out.suffix.lower() != ".ora":
        raise CommandError(f'"{options.out.name}" does not end in .ora.', hint=f"Name it {options.out.stem}.ora.")
    rgb, asked = picture_of(options.picture, None)
    import engine
    from engine.describing.describing import DescribingCancelled, describe, missing
    from engine.masking.finding import find
    from engine.protocol import PictureQuestion
    from resources.noun_phrases import chunks

    phrases = tuple(asked[chunk[0][0] : chunk[-1][1]] for chunk in chunks(asked))
    how = {"rgb": rgb, "model": options.model, "device": options.device}
    with cancel_on_interrupt() as cancel, progress() as news:
        work: dict[str, Any] = {"library": engine.Library(), "progress": news, "cancel": cancel}
        try:
            found = describe(PictureQuestion(**how), find=find, **work)
            lost = missing(PictureQuestion(**how, phrases=phrases), **work) if phrases else ()
        except DescribingCancelled as error:
            raise Cancelled from error
    gone = [phrase for phrase, absent in zip(phrases, lost, strict=True) if absent]
    if options.out is not None:
        from app.image_info.described import scene_of
        from canvas.files import ora
        from canvas.model import edits
        from canvas.model.scene import Scene

        facts = engine.Library().inspect(options.model)
        size = tuple(facts.nearest(side) for side in (rgb.shape[1], rgb.shape[0]))
        scene = edits.set_settings(Scene(size=size), model=options.model)  # type: ignore[arg-type]
        ora.save(options.out, scene_of(scene, found), backup=True)
    if options.json:
        words = [{"phrase": word.name, "span": word.span, "area": word.area} for word in found.words]
        about = {"file": None if options.out is None else str(options.out), "model": options.model}
        put_json({"schema": 1, "prompt": found.caption, "words": words, "missing": gone, **about})
    else:
        put(found.caption or "Nothing that the model knows.")
        for word in found.words:
            put(f"  {word.name}: {100 * word.area:.0f} %")
        if gone:
            put(f"Asked for and not seen: {', '.join(gone)}")
    return DONE
