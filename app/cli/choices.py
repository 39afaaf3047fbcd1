"""`render --count N` of a prompt with `{this|that}`: each picture gets the words that its own seed chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.cli import grid_option, render, rework_options
from app.cli.paint_option import PaintOption
from canvas.files import reading
from canvas.model.edits import set_settings
from canvas.model.loras import as_read
from canvas.model.prompt_marks import one_each
from canvas.model.scene import Scene, Settings
from resources.phrases import find_spans


def paint_of_first(options: Mapping[str, Any]) -> list[PaintOption]:
    """The --paint options for the first picture: those that are for words that only another one has are left out."""
    settings = {name: options[name] for name in ("seed", "count") if options[name] is not None}
    first = Scene(prompt=options["prompt"], settings=Settings(**settings))
    each = [
        *one_each(first),
        *(set_settings(first, seed=seed, count=1) for seed in grid_option.seeds_of(options["grid"])),
    ]
    prompts = [as_read(one).prompt for one in each]
    return _fitting(options["paint"], prompts[0], prompts)


def scenes_of(options: Mapping[str, Any], scene: Scene) -> list[Scene]:
    """A scene for each picture where their words differ; else none.

    A phrase that --paint names need not be among the words of each, only of one.

    Args:
        options: the command's. scene: what they say for the first picture.

    Raises:
        See `app.cli.render.scene_of`.
    """
    written = _written(options)
    each = one_each(Scene(prompt=written, settings=scene.settings)) if "{" in written else ()
    return _read(options, each) if len(each) > 1 else []


def scenes_by_seed(options: Mapping[str, Any], scene: Scene) -> dict[int, Scene]:
    """A scene for each seed of a grid where the prompt leaves words to its seed; else none. As `scenes_of`."""
    written, seeds = _written(options), grid_option.seeds_of(options["grid"])
    if "{" not in written:
        return {}
    first = Scene(prompt=written, settings=scene.settings)
    each = [set_settings(first, seed=seed, count=1) for seed in seeds]
    return dict(zip(seeds, _read(options, each), strict=True))


def run(scenes: list[Scene], options: Mapping[str, Any], *, out: Path, **how: Any) -> dict[str, Any]:
    """Make a picture of each scene, as F.png, F-1.png, F-2.png, ...

    Returns:
        The JSON object of `wordbrush render`, each image with its `prompt`; words are those of the first.

    Raises:
        See `app.cli.render.run`.
    """
    results = []
    for scene, path in zip(scenes, render.names(out, len(scenes)), strict=True):
        begun = rework_options.take_rework(scene, options, options["file"])
        made = render.run(scene, out=path, **{**how, "begun": begun})
        results.append({**made, "images": [{**image, "prompt": scene.prompt} for image in made["images"]]})
    return {
        **results[0],
        "images": [image for result in results for image in result["images"]],
        "seconds": sum(result["seconds"] for result in results),
    }


def _written(options: Mapping[str, Any]) -> str:
    """The prompt with its choices, as it was given or as the file has it."""
    if options["prompt"] is not None:
        return str(options["prompt"])
    found = reading.read_all(options["file"]).scene
    return "" if found is None else found.prompt


def _read(options: Mapping[str, Any], each: Sequence[Scene]) -> list[Scene]:
    """What the options say for the prompts and seeds of these scenes, each with the paint that it has words for."""
    prompts = [as_read(one).prompt for one in each]
    scenes = []
    for one, prompt in zip(each, prompts, strict=True):
        paint = _fitting(options["paint"], prompt, prompts)
        changes = {**options, "seed": one.settings.seed, "count": 1}
        scenes.append(render.scene_of(file=options["file"], prompt=options["prompt"], paint=paint, changes=changes))
    return scenes


def _fitting(paint: Sequence[PaintOption], prompt: str, prompts: Sequence[str]) -> list[PaintOption]:
    return [each for each in paint if _has(prompt, each) or not any(_has(other, each) for other in prompts)]


def _has(prompt: str, option: PaintOption) -> bool:
    return len(list(find_spans(prompt, option.phrase))) >= option.number
