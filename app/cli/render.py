"""`wordbrush render`: a scene from a file or a prompt, its pictures on disk, and what they were made from; no Qt."""

from __future__ import annotations

import contextlib
import math
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import engine
from app.cli import (
    colours_option,
    condition_options,
    control_option,
    edit_option,
    heatmap_files,
    lora_option,
    mood_option,
    paint_option,
    rework_options,
    word_options,
)
from app.cli.model_facts import facts_of, generate, inspect
from app.cli.output import Cancelled, CommandError, Progress
from app.cli.paint_option import PaintOption
from app.cli.scene_files import load
from app.generation.request_builder import request_from_scene
from app.image_info.begun import begun_request, begun_scene
from app.image_info.report import ImageReport, notes_of
from app.image_info.scores import scores_of
from app.vocabulary import called, says_unknown, unknown_words
from canvas.files import begun_notes, png
from canvas.files.scene_json import file_name
from canvas.model import edits
from canvas.model.begun import Begun, report_of
from canvas.model.errors import SaveError
from canvas.model.lora_tags import take_out
from canvas.model.loras import as_read
from canvas.model.scene import Scene, Settings
from engine.errors import BadRequest
from resources.settings import specs

LONGEST_NAME = 240  # bytes; disks take 255, and the next pictures' numbers and heatmaps' words come on top
QUOTES = '""'  # as in all that the command line says


def scene_of(
    *, file: Path | None, prompt: str | None, paint: Sequence[PaintOption], changes: Mapping[str, Any]
) -> Scene:
    """The scene to render: from `file`, `prompt` or both; then `changes` (settings, size, ...) and `paint`.

    Of a file with another prompt the words keep their paint where their text still stands; the others lie unused.
    LoRA files that the prompt calls by a tag are in the scene's list, and the tags gone from its prompt.
    What neither file nor changes say is as the model likes it. A changed size takes the file's paint along, scaled.

    Raises:
        CommandError, SceneFileError: see `app.cli.scene_files.load`. SceneError, BadRequest, BadMask, WordNotInPrompt,
        BadReference: a value is out of its range, or not for this model. ModelNotFound and others: the model cannot say
        what it likes.
    """
    given = {name: changes[name] for name, spec in specs().items() if spec.help and changes.get(name) is not None}
    if prompt is not None or file is None:
        prompt = prompt or ""
        if not prompt.strip():
            raise BadRequest("The prompt is empty.", hint="Write what the picture should show: --prompt TEXT.")
        _check_text(prompt)
    called = take_out(prompt or "")[1]
    if file is None:
        assert prompt is not None
        facts = inspect(given.get("model", Settings.model))
        likes = facts.defaults
        named, asked = lora_option.few_steps(changes.get("lora") or (), called, facts)
        settings = Settings(**{"steps": likes.steps, "sampler": likes.sampler, **asked, **given})
        lora_option.say_few_steps(named, asked, settings)
        size = changes.get("size") or rework_options.size_of(changes, facts) or likes.size
        scene = Scene(prompt=prompt, size=size, settings=settings)
    else:
        scene = edits.set_settings(load(file), **given)
        if changes.get("lora") or called:
            facts = inspect(scene.settings.model)
            named, asked = lora_option.few_steps(changes.get("lora") or (), called, facts)
            lora_option.say_few_steps(named, asked, scene.settings)
        scene = edits.set_size(scene, changes.get("size") or scene.size)
        scene = rework_options.widened(scene, changes.get("extend"), grow_paint=changes.get("grow_paint") is True)
        if prompt is not None:
            scene = edits.set_prompt(scene, prompt)
    if changes.get("negative") is not None:
        _check_text(changes["negative"])
        scene = edits.set_negative(scene, changes["negative"])
    scene = edit_option.moved(scene, edit_option.source_of(changes))
    scene = condition_options.take_looks(as_read(scene), changes.get("style") or ())
    scene = mood_option.take_mood(scene, changes.get("mood"))
    condition_options.check(scene)
    mood_option.check(scene)
    scene = control_option.take_controls(scene, changes.get("control") or (), changes.get("control_model"))
    scene = colours_option.take_colours(scene, changes.get("colours"))
    scene = word_options.take_words(paint_option.paint(scene, paint), changes)
    scene = condition_options.bind_looks(scene, changes.get("style") or ())
    if changes.get("find") is not None:
        from app.cli import find_option

        scene = find_option.take_found(scene, changes["find"])
    return lora_option.take_loras(scene, changes.get("lora") or (), called)


def check_out(out: Path) -> None:
    """Finds what would keep a picture from being written, before minutes go into it.

    Raises:
        CommandError: that cannot be a picture's file. SaveError: nothing may be written there.
    """
    if len(os.fsencode(out.name)) > LONGEST_NAME:
        raise CommandError("The name of the picture is too long.", hint="Give --out a shorter one, such as F.png.")
    if out.suffix.lower() != ".png":
        raise CommandError(
            f'"{out}" does not end in .png.', hint=f"Pictures are written as PNG: --out {out.stem or 'F'}.png."
        )
    if out.is_dir():
        raise CommandError(f'"{out}" is a folder.', hint=f"Name a file in it: --out {out / 'picture.png'}.")
    if not out.parent.is_dir():
        raise CommandError(
            f'There is no folder "{out.parent}".', hint="Create it first, or name another place with --out."
        )
    if not os.access(out.parent, os.W_OK):
        raise SaveError(f'You may not write to the folder "{out.parent}".', hint="Name another place with --out.")


def run(
    scene: Scene,
    *,
    out: Path,
    cancel: threading.Event,
    news: Progress,
    experts: str | None = None,
    heatmaps: Path | None = None,
    begun: Begun | None = None,
    bits: int = 8,
) -> dict[str, Any]:
    """Make the scene's pictures, write each the moment it is done, and return the JSON object of `wordbrush render`.

    Args:
        out: the first picture's file, see `check_out` and `names`.
        cancel: stops before the next step when it is set.
        experts: "base" or "ensemble"; None is the model's ensemble where it has one.
        heatmaps: the folder where they go, see `heatmap_files`; None for none.
        begun: the picture that it begins from, and the second pass; None for noise alone.
        bits: of each value in the files, 8 or 16; what is laid into a picture, or made larger, has 8.

    Raises:
        NoHeatmaps: the model has none to give.
        BadRequest: an ensemble is asked of a model that has none. SaveError: a picture could not be written.
        EngineError: what the engine reported. Cancelled: it was stopped; finished pictures are kept.
    """
    _tell_left_out(scene, news)
    unknown = _tell_unknown(scene, news)
    _tell_unpainted(scene, news)
    _tell_unread(scene, news)
    request = request_from_scene(begun_scene(scene, begun), id="render").replace(previews=False, obedience=True)
    request = request.replace(deep=bits == 16)
    request = begun_request(request, begun)
    if heatmaps is not None:
        painted = [word.span for word in scene.words if word.span and not scene.masks[word.id].is_empty]
        request = request.replace(watched=tuple(painted))
        if not painted:
            news.note("No word is painted: there are no heatmaps to write.")
    if experts == "ensemble":
        _check_ensemble(request.model)
    elif experts == "base":
        request = request.replace(experts=())
    paths = names(out, request.picture.count)
    started: engine.Started | None = None
    images: list[dict[str, Any]] = []
    worked: dict[str, None] = {}
    # Closed here and now if a picture cannot be written, so that the engine tidies up before the error is reported.
    with contextlib.closing(generate(request, cancel=cancel, ahead=_ahead(request, cancel, news))) as events:
        for event in events:
            if isinstance(event, engine.Started):
                started = event
            elif isinstance(event, engine.ImageReady) and started is not None:
                news.say(f"writing {paths[event.image].name}")
                save(paths[event.image], event, scene, started, begun)
                if bits == 16 and event.deep is None:
                    news.note(f"{paths[event.image].name} has 8 bits: it was changed after the model had made it.")
                images.append(_image(paths[event.image], event))
                if heatmaps is not None:
                    written = heatmap_files.write(heatmaps, paths[event.image], event, request)
                    images[-1]["heatmaps"] = [str(path) for path in written]
            elif isinstance(event, engine.Failed):
                raise event.error
            elif isinstance(event, engine.Cancelled):
                raise _cancelled(images, request.picture.count)
            elif isinstance(event, engine.Finished):
                finished = event
                news.say(f"done in {event.seconds:.1f} s")
            else:
                if isinstance(event, engine.Step):
                    worked[event.expert] = None
                _tell(event, request.picture.count, news)
    if heatmaps is not None and request.text.watched:
        news.note(f'where {len(request.text.watched)} words went: see "{heatmaps}"')
    return {
        "schema": 1,
        "images": images,
        "words": _words(scene, request, images),
        "seconds": finished.seconds,
        "step_ms": finished.step_ms,
        "model": finished.model,
        "device": finished.device,
        "experts": list(worked),
        **condition_options.report(scene),
        **control_option.report(scene),
        **colours_option.report(scene),
        **report_of(begun, "" if begun is None else file_name(begun.upscaler)),
        "unknown_words": unknown,
    }


def _ahead(
    request: engine.GenerateRequest, cancel: threading.Event, news: Progress
) -> Callable[[Sequence[Any]], None] | None:
    """What compiles the denoiser for all pictures but the first; automatic is for the window, where there is time."""
    if request.compile != "on" or request.picture.count == 1:
        return None

    def make(families: Sequence[Any]) -> None:
        from engine.models.compiling.background import here_and_now

        here_and_now(lambda what, fraction: news.passing("compiling the denoiser"), cancel)(families)

    return make


def names(out: Path, count: int) -> list[Path]:
    """Where `count` pictures go: F.png, then F-1.png, F-2.png, ...; picture i has seed + i."""
    return [out, *(out.with_name(f"{out.stem}-{index}{out.suffix}") for index in range(1, count))]


def _check_text(text: str) -> None:
    """Refuses what the terminal handed over as broken UTF-8, which no tokenizer takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadRequest("The prompt is not readable text.", hint="Write it in UTF-8.", details=repr(text)) from None


def save(
    path: Path,
    image: engine.ImageReady,
    scene: Scene,
    started: engine.Started,
    begun: Begun | None = None,
    *,
    notes: Mapping[str, str] | None = None,
) -> None:
    """Write a picture with what it was made from, and further `notes` by name.

    Raises:
        SaveError: it could not be written; the hint says how to make it again.
    """
    own = edits.set_settings(scene, seed=image.seed, count=1)
    text = png.parameters_text(own, seed=image.seed, model=started.model, guidance=started.guidance, begun=begun)
    scores = scores_of(scene, image.obedience, image.seen)
    told = notes_of(ImageReport(scores=scores)) | begun_notes.to_notes(begun, image.rgb if image.deep is None else None)
    whole = next(each for each in (image.deep, image.rgba, image.rgb) if each is not None)
    try:
        png.save(path, whole, own, text, notes=told | dict(notes or {}))
    except SaveError as error:
        why = error.hint.partition(" Nothing is lost")[0]
        again = f"Then run it again with --seed {image.seed}: the same seed makes the same picture."
        raise SaveError(error.message, hint=f"{why} {again}", details=error.details) from error


def _image(path: Path, image: engine.ImageReady) -> dict[str, Any]:
    height, width = image.rgb.shape[:2]
    return {
        "path": str(path),
        "seed": image.seed,
        "width": width,
        "height": height,
        "obedience": list(image.obedience),
        "seen": list(image.seen),
        "heatmaps": [],
    }


def _words(scene: Scene, request: engine.GenerateRequest, images: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The scene's words; obedience and what is seen are means over the pictures, None where the request left it out."""
    columns = {word.span: index for index, word in enumerate(request.text.words)}
    watched = {span: index for index, span in enumerate(request.text.watched)}
    words = []
    for word in scene.words:
        column = columns.get(word.span) if word.span else None
        words.append(
            {
                "phrase": word.phrase,
                "span": list(word.span) if word.span else None,
                "strength": word.strength,
                "obedience": _mean(_column(images, "obedience", column)),
                "seen": _mean(_column(images, "seen", column)),
                "heatmaps": _column(images, "heatmaps", watched.get(word.span) if word.span else None),
            }
        )
    return words


def _column(images: Sequence[Mapping[str, Any]], key: str, column: int | None) -> list[Any]:
    """What each picture says of one word of the request."""
    return [image[key][column] for image in images if column is not None and column < len(image[key])]


def _mean(scores: Sequence[float | None]) -> float | None:
    known = [score for score in scores if score is not None and math.isfinite(score)]
    return sum(known) / len(known) if known else None


def _check_ensemble(model: str) -> None:
    facts = inspect(model)
    if not facts.experts:
        raise BadRequest(
            f'The model "{facts.name}" has no ensemble of experts.',
            hint="Leave --experts out, or choose a model that has one; see: wordbrush doctor.",
        )


def _tell_unpainted(scene: Scene, news: Progress) -> None:
    """A word without paint changes nothing: its mask was black, or nobody painted it."""
    names = ", ".join(f'"{word.phrase}"' for word in scene.words if word.span and scene.masks[word.id].is_empty)
    if names:
        news.note(f"Nothing is painted for {names}: white paints, black does not.")


def _tell_unread(scene: Scene, news: Progress) -> None:
    """Say where the model does not read what the picture should not show."""
    facts = facts_of(scene.settings.model)
    if facts is not None and not facts.takes_negative and scene.negative.strip():
        news.note(f"{called(facts)} was trained without a negative prompt, so that is ignored.")


def _tell_left_out(scene: Scene, news: Progress) -> None:
    """Say which painted words are not in the prompt: their paint does nothing."""
    gone = [word.phrase for word in scene.words if word.span is None and not scene.masks[word.id].is_empty]
    if gone:
        news.note("Not in the prompt, so ignored: " + ", ".join(f'"{phrase}"' for phrase in gone) + ".")


def _tell_unknown(scene: Scene, news: Progress) -> list[str]:
    """Say which words of the prompt the model has not learnt; returns them."""
    facts = facts_of(scene.settings.model)
    unknown = unknown_words(scene.prompt, facts)
    if facts is not None and unknown:
        news.note(f"{says_unknown(unknown, facts, quotes=QUOTES)} It paints: {', '.join(facts.names)}.")
    return unknown


def _tell(event: engine.Event, count: int, news: Progress) -> None:
    if isinstance(event, engine.Loading):
        ends = event.fraction in (0, 1)
        (news.say if ends else news.passing)(f"loading {event.what}" if event.fraction < 1 else "model loaded")
    elif isinstance(event, engine.Step):
        which = f"picture {event.image + 1} of {count}, " if count > 1 else ""
        done = (event.image * event.total + event.index) / (count * event.total)
        news.step(f"{which}step {event.index} of {event.total}", done)


def _cancelled(images: Sequence[Mapping[str, Any]], count: int) -> Cancelled:
    if not images:
        return Cancelled("Cancelled before a picture was finished.", hint="Run it again to make it.")
    kept = ", ".join(image["path"] for image in images)
    return Cancelled(f"Cancelled after {len(images)} of {count} pictures.", hint=f"Kept: {kept}.")
