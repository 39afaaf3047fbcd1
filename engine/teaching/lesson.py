"""What is to be taught: a word, the method and its settings, checked before anything is loaded; no torch."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import BadRequest, ModelIncomplete, UnsupportedModel
from engine.facts import InstalledModel, ModelFacts
from engine.models.architectures import architectures
from engine.models.embeddings import list_embeddings
from engine.models.files_below import files_in
from engine.weights.files import read_json
from resources import atomic, pictures

if TYPE_CHECKING:
    from engine.models.library import Library

EMBEDDING, LORA, CUSTOM = "embedding", "lora", "custom"
METHODS = (EMBEDDING, CUSTOM, LORA)
LEAST, MOST = 3, 20
"""How many pictures a word is taught from."""

MASK = "-masklabel"
"""What ends the name of the picture beside NAME that says where in it the thing is, as OneTrainer calls it."""

LONGEST = 40
_WORD = re.compile(r"[^\W_]+(?:[ _-][^\W_]+)*")
_SMALL_MODEL = 100
"""Channels below which a UNet's first level is small, such as the starter's: it is taught at a higher rate."""

_LIMITS: Mapping[str, tuple[float, float]] = {
    "steps": (1, 100_000),
    "vectors": (1, 32),
    "rank": (1, 128),
    "batch": (1, 64),
    "class_pictures": (0, 1000),
    "prior_weight": (0, 10),
    "rate": (1e-8, 1),
}


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """How a word is taught.

    Attributes:
        word: as it will stand in prompts: letters and digits, with single blanks or hyphens between.
        model: a name in the library, or a path.
        method: "embedding" (Textual Inversion, arXiv 2208.01618): only the word's vectors are learnt; "custom" (Custom
            Diffusion, arXiv 2212.04488): its vectors, and how its tokens become keys and values in cross-attention;
            "lora" (DreamBooth, arXiv 2208.12242, by low-rank changes): its vectors and changes of all attention.
        class_word: what kind of thing it is ("dog"): the vectors begin as this word's, and pictures of it are the
            prior; "" if nobody says.
        size: (width, height) of the crops, in pixels. steps: of the optimiser.
        vectors: tokens that the word takes. rank: of the changes. batch: pictures in a step. rate: the peak of the
            learning rate of changes; the vectors' follows from the size of the model's own.
        class_pictures: how many the frozen model makes for prior preservation; 0 is none. prior_weight: lambda of
            equation 2 of arXiv 2208.12242. seed: of everything random.
    """

    word: str
    model: str
    method: str = EMBEDDING
    class_word: str = ""
    size: tuple[int, int] = (0, 0)
    steps: int = 0
    vectors: int = 0
    rank: int = 8
    batch: int = 4
    rate: float = 0.0
    class_pictures: int = -1
    prior_weight: float = 1.0
    seed: int = 0

    @property
    def file_name(self) -> str:
        """What its files are called, without an ending."""
        return self.word

    def check_first(self, facts: InstalledModel) -> None:
        """Check what `filled` relies on; raises as `check`."""
        check_model(facts)
        if self.method not in METHODS:
            raise BadRequest(f'There is no method "{self.method}".', hint=f"Choose {', '.join(METHODS)}.")

    def filled(self, facts: InstalledModel) -> Lesson:
        """Return the same with the defaults that suit the model and the method where nothing is said."""
        small = is_small(facts)
        steps = {EMBEDDING: 600, CUSTOM: 500, LORA: 400}[self.method] * (1 if small else 2)
        prior = 2 * LEAST * 2 if self.method == LORA and self.class_word else 0
        return replace(
            self,
            size=self.size if self.size != (0, 0) else facts.defaults.size,
            steps=self.steps or steps,
            vectors=self.vectors or (4 if small else 2),
            rate=self.rate or (7e-4 if small else 2e-4),
            class_pictures=prior if self.class_pictures < 0 else self.class_pictures,
        )

    def check(self, facts: InstalledModel) -> None:
        """Check all values of a lesson that was `filled`, but not whether the word is free, see `check_free`.

        Raises:
            BadRequest: one of them makes no sense; the message names it. UnsupportedModel: the model cannot be taught.
        """
        self.check_first(facts)
        check_word(self.word)
        for name, (low, high) in _LIMITS.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and low <= value <= high):
                called = name.replace("_", " ")
                raise BadRequest(f'"{called}" is {value:g}.', hint=f"Give a number from {low:g} to {high:g}.")
        if any(side < facts.multiple or side % facts.multiple for side in self.size):
            raise BadRequest(
                f'"{facts.name}" cannot be taught with pictures of {self.size[0]}x{self.size[1]} pixels.',
                hint=f"Give a size in multiples of {facts.multiple}, such as "
                f"{facts.nearest(self.size[0])}x{facts.nearest(self.size[1])}.",
            )
        if self.class_word and (not self.class_word.strip() or len(self.class_word) > LONGEST):
            raise BadRequest("The kind of thing is not a word.", hint='Say it in one or two words, such as "dog".')
        if self.class_pictures and not self.class_word:
            raise BadRequest(
                "Pictures of its kind can be made only if the kind is known.",
                hint='Say what kind of thing it is, such as "dog", or ask for no class pictures.',
            )

    def to_json(self) -> str:
        """The lesson as a file's text."""
        return json.dumps({"version": 1, **asdict(self)}, indent=1) + "\n"

    def write(self, folder: Path) -> None:
        """Write it as `lesson.json` in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_text(folder / "lesson.json", self.to_json())


def read_lesson(folder: Path) -> Lesson:
    """Return the lesson of a folder.

    Raises:
        ModelIncomplete: there is none, or it is damaged.
    """
    said = read_json(folder / "lesson.json", part="lesson.json") if (folder / "lesson.json").is_file() else None
    known = set(Lesson.__dataclass_fields__)
    if isinstance(said, dict) and said.get("version") == 1 and known >= said.keys() - {"version"}:
        values: dict[str, Any] = {**said}
        values.pop("version")
        sample = asdict(Lesson(word="", model=""))
        size = values.get("size", [0, 0])
        whole = all(
            isinstance(value, type(sample[name])) or (name == "rate" and isinstance(value, int))
            for name, value in values.items()
            if name != "size"
        )
        sides = isinstance(size, list) and len(size) == 2 and all(isinstance(side, int) for side in size)
        if whole and sides and {"word", "model"} <= values.keys():
            return Lesson(**{**values, "size": (size[0], size[1])})
    raise ModelIncomplete(
        f'What was taught in "{folder.name}" cannot be read.',
        hint="Remove it, and teach the word from its pictures again.",
        details=str(folder),
    )


def can_be_taught(facts: ModelFacts) -> bool:
    """Whether words can be taught to models of its family."""
    return architectures()[facts.family].can.teaching


def check_model(facts: InstalledModel) -> None:
    """Raise UnsupportedModel unless words can be taught to the model."""
    if not can_be_taught(facts):
        raise UnsupportedModel(
            f'"{facts.name}" cannot be taught a word: it is not of the Stable Diffusion 1, 2 or XL families.',
            hint="Choose such a model, or the starter.",
        )
    config = read_json(facts.config / "scheduler" / "scheduler_config.json", part="scheduler")
    if facts.is_few_steps or "EDM" in str(config.get("_class_name")):
        raise UnsupportedModel(
            f'"{facts.name}" cannot be taught a word: it was made to work in a few steps.'
            if facts.is_few_steps
            else f'"{facts.name}" cannot be taught a word: it has no table of noise levels.',
            hint="Teach the model that it was made from.",
        )
    if unet_config(facts).get("in_channels") != unet_config(facts).get("out_channels"):
        raise UnsupportedModel(
            f'"{facts.name}" cannot be taught a word: it needs a picture to begin from.',
            hint="Teach the model that it was made from.",
        )


def unet_config(facts: InstalledModel) -> Mapping[str, Any]:
    """The config of a model's UNet."""
    return read_json(facts.config / "unet" / "config.json", part="unet")


def is_small(facts: InstalledModel) -> bool:
    """Whether a model's UNet is small, see `_SMALL_MODEL`."""
    widths = unet_config(facts).get("block_out_channels") or [0]
    return bool(widths[0] < _SMALL_MODEL)


def check_word(word: str) -> None:
    """Raise BadRequest unless a name can be a word of a prompt and a file's name."""
    if not _WORD.fullmatch(word) or not 2 <= len(word) <= LONGEST:
        raise BadRequest(
            f'"{word[:LONGEST]}" cannot be the name of a word.',
            hint=f'Give 2 to {LONGEST} letters and digits, with single hyphens or blanks between, such as "my-dog".',
        )


def check_free(word: str, facts: InstalledModel, library: Library) -> None:
    """Check that a word means nothing to the model yet.

    Raises:
        BadRequest: the model knows the word, or an embedding or a LoRA has that name.
    """
    small = word.casefold()
    own = {part for text in (*facts.names, *facts.words) for part in (text.casefold(), *text.casefold().split())}
    if small in own:
        raise BadRequest(
            f'"{word}" is a word that the model knows.', hint="Choose another name, such as one that you make up."
        )
    hint = "Choose another name, or remove that one first."
    if small in list_embeddings(library.folders_of("embeddings", facts.path)):
        raise BadRequest(f'There is already a word "{word}".', hint=hint)
    loras = files_in(library.folders_of("loras", facts.path), pickles=True)
    if small in {file.stem.lower() for file in loras}:
        raise BadRequest(f'There is already a LoRA "{word}".', hint=hint)


def picture_files(sources: Sequence[Path]) -> tuple[Path, ...]:
    """Return the pictures named by files and folders, each once, in their order; folders by name.

    Raises:
        BadRequest: a path does not exist.
    """
    found: dict[Path, None] = {}
    for source in sources:
        if source.is_dir():
            inside = sorted(each for each in source.iterdir() if each.suffix.lower() in pictures.SUFFIXES)
            found |= dict.fromkeys(each for each in inside if each.is_file() and not each.stem.endswith(MASK))
        elif source.exists():
            found[source] = None
        else:
            raise BadRequest(f'There is no picture or folder "{source}".', hint="Check the path.")
    return tuple(found)
