"""Teaching from a command line: its flags, what comes of them, and the talk of a window with its own lesson.

`python -m engine.teaching my-dog PICTURES --class-word dog --method custom`, or `wordbrush teach` with the same flags.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.errors import BadRequest
from engine.teaching import lessons
from engine.teaching.ending import ended
from engine.teaching.events import GO, PAUSE, WAIT, Paused, Preparing, Sampled, Stepped, Taught, Waiting, to_json
from engine.teaching.files import cannot_write
from engine.teaching.lesson import CUSTOM, EMBEDDING, LORA, METHODS, Lesson

_NUMBERS = ("steps", "vectors", "rank", "batch", "class_pictures", "seed")

EPILOG = """\
methods:
  embedding  Textual Inversion: only what the word means to the text encoder is learnt; a file of some kilobytes
  custom     Custom Diffusion: also how the word's own tokens become keys and values; other words stay as they are
  lora       DreamBooth by LoRA: also all attention, in the word's paint; nearest to the pictures, takes longest

beside a picture NAME:
  NAME.txt             a sentence with WORD in it that says what else is in the picture: "a my-dog on a beach"
  NAME-masklabel.png   white where the thing is; a picture with transparency needs none
"""

Say = Callable[[str], None]


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add what both command lines have."""
    add = parser.add_argument
    add("word", metavar="WORD", help='the new word, such as "my-dog"')
    add("pictures", metavar="PICTURES", type=Path, nargs="*", help="3 to 20 pictures of it, or a folder of them")
    add("--model", metavar="NAME|PATH", default="starter", help="the model that is taught: Stable Diffusion 1, 2, XL")
    add("--method", metavar="|".join(METHODS), default=EMBEDDING, help=f"{EMBEDDING} by default, see below")
    add("--class-word", metavar="WORD", default="", help='what kind of thing it is, such as "dog"')
    add("--steps", metavar="N", type=int, default=0, help="steps of training; by default what suits model and method")
    add("--vectors", metavar="N", type=int, default=0, help="tokens that the word takes")
    add("--rank", metavar="N", type=int, default=Lesson.rank, help=f"rank of the changes, for {CUSTOM} and {LORA}")
    add("--batch", metavar="N", type=int, default=Lesson.batch, help="pictures in a step")
    add("--rate", metavar="X", type=float, default=0.0, help="peak of the learning rate of the changes")
    prior = "pictures of its kind that the model makes first, so that the kind stays what it is (prior preservation)"
    add("--class-pictures", metavar="N", type=int, default=-1, help=f"{prior}; for {LORA}")
    add("--prior-weight", metavar="X", type=float, default=Lesson.prior_weight, help="how much those count")
    add("--size", metavar="WxH", default="", help="the size in pixels that pictures are cropped to; the model's own")
    add("--seed", metavar="N", type=int, default=0)
    add("--device", metavar="NAME", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    add("--out", metavar="FILE|DIR", type=Path, help="put copies there, too: as FILE.safetensors, or into a folder")
    add("--resume", action="store_true", help="continue a lesson that was stopped; nothing but WORD is needed")
    add("--forget", action="store_true", help="remove a word that was taught here, with its files")
    add(
        "--events",
        action="store_true",
        help="one JSON object on a line for all that happens; wait, go and pause on stdin",
    )


def lesson_of(options: Mapping[str, Any]) -> Lesson:
    """The lesson that flags ask for. Raises BadRequest where a value is none."""
    numbers = {name: options[name] for name in _NUMBERS}
    for name in ("steps", "vectors"):
        if numbers[name] < 0:
            raise BadRequest(f'"{name}" is {numbers[name]}.', hint="Give a number from 1 on.")
    return Lesson(
        word=options["word"].strip(),
        model=options["model"],
        method="custom" if options["method"] == "kv" else options["method"],
        class_word=options["class_word"].strip(),
        size=_size(options["size"]),
        rate=options["rate"],
        prior_weight=options["prior_weight"],
        **numbers,
    )


def _size(text: str) -> tuple[int, int]:
    if not text:
        return 0, 0
    width, _, height = text.lower().partition("x")
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        raise BadRequest(f'"{text}" is not a size.', hint="Give WIDTHxHEIGHT in pixels, such as 512x512.")
    return int(width), int(height)


def perform(options: Mapping[str, Any], say: Say, stopped: threading.Event) -> dict[str, Any]:
    """Do what flags ask for; returns the object of --json.

    Args:
        say: takes one line of news, for people. stopped: when it is set the lesson keeps what it has, and ends.

    Raises:
        EngineError: see `engine.teaching.lessons`.
    """
    from engine.teaching.samples import LessonLibrary
    from engine.teaching.teacher import teach

    library = LessonLibrary()
    if options["forget"]:
        files = lessons.forget(options["word"].strip(), library)
        return {"schema": 1, "forgotten": options["word"].strip(), "files": [str(file) for file in files]}
    if options["resume"]:
        if options["pictures"]:
            raise BadRequest("A lesson that continues has its pictures.", hint="Give the word alone with --resume.")
        lesson, folder = lessons.go_on(options["word"].strip(), library)
    else:
        lesson, folder = lessons.begin(lesson_of(options), options["pictures"], library)
    heard = Heard(stopped) if options["events"] else None
    wish = heard.wish if heard else lambda: PAUSE if stopped.is_set() else GO
    result: dict[str, Any] = {"schema": 1, "word": lesson.word, "method": lesson.method, "model": lesson.model}
    result |= {"steps": lesson.steps, "samples": []}
    losses: list[float] = []
    for event in teach(lesson, folder, library, device=options["device"], wish=wish, resume=bool(options["resume"])):
        if heard:
            print(json.dumps(to_json(event)), flush=True)
        if isinstance(event, Stepped):
            losses.append(event.loss)
            if event.step % max(1, event.steps // 40) == 0 or event.step == event.steps:
                say(_progress(event, losses))
        elif isinstance(event, Preparing):
            say(f"preparing {event.what}")
        elif isinstance(event, Waiting):
            say("waiting")
        elif isinstance(event, Sampled):
            result["samples"].append(str(event.file))
            say(f"a picture of the word so far: {event.file}")
        elif isinstance(event, Paused):
            result |= {"paused_at": event.step}
        elif isinstance(event, Taught):
            written = [*event.files, *_copied(event.files, options["out"])]
            result |= {"files": [str(file) for file in written]}
    return result


def _copied(files: Sequence[Path], out: Path | None) -> list[Path]:
    """Copies of an embedding and its LoRA, in a folder by the word's name or as a file; the LoRA's name says more."""
    if out is None:
        return []
    is_file = out.suffix == ".safetensors" and not out.is_dir()
    folder = out.parent if is_file else out
    stems = [out.stem if is_file else file.stem for file in files]
    made = [
        folder / f"{stem}{'-lora' if file.parent.name == 'loras' else ''}{file.suffix}"
        for stem, file in zip(stems, files, strict=True)
    ]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, copy in zip(files, made, strict=True):
            shutil.copyfile(file, copy)
    except OSError as error:
        raise cannot_write(error) from error
    return made


def _progress(event: Stepped, losses: list[float]) -> str:
    recent = losses[-50:]
    left = "" if event.seconds_left is None else f", {event.seconds_left / 60:.1f} min left"
    return f"step {event.step} of {event.steps}, error {sum(recent) / len(recent):.4f}{left}"


def ending(result: Mapping[str, Any]) -> str:
    """What came of it, in a sentence."""
    if "forgotten" in result:
        return f'"{result["forgotten"]}" is forgotten.'
    if "paused_at" in result:
        return f'Stopped after step {result["paused_at"]}: wordbrush teach "{result["word"]}" --resume continues.'
    return f'"{result["word"]}" is a word of {result["model"]} now: write it in a prompt, and paint it.'


class Heard:
    """What the window says on the standard input, a word a line: wait, go or pause. Where it ends, so does the lesson,
    with all that was learnt kept: whoever asked for it is gone."""

    def __init__(self, stopped: threading.Event) -> None:
        self._said, self._stopped = GO, stopped
        threading.Thread(target=self._listen, name="wishes", daemon=True).start()
        _give_way()

    def wish(self) -> str:
        """See `Wish`."""
        return PAUSE if self._stopped.is_set() else self._said

    def _listen(self) -> None:
        for line in sys.stdin:
            if line.strip() in (GO, WAIT, PAUSE):
                self._said = line.strip()
        self._said = PAUSE


def _give_way() -> None:
    """Let the window's own work go first on the processor."""
    import psutil

    own = psutil.Process()
    try:
        own.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else 10)
    except (psutil.Error, OSError):
        print("the lesson could not be given a lower priority", file=sys.stderr)


def main(argv: list[str] | None = None) -> int:
    """`python -m engine.teaching`; returns 0 when done or stopped, 1 if it failed, 2 for wrong arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.teaching", description="Teach a model a word from pictures.", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add_flags(parser)

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def work() -> None:
        say(ending(perform(vars(parser.parse_args(argv)), say, threading.Event())))

    return ended(work)
