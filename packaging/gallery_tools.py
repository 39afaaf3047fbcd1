"""The gallery's section on tools beside painting: a taught word, pictures as prompt, a mood, find, mask, describe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from gallery_page import ROOT, Command, Example, Shot, Told, from_root, keep, plain, section
from PIL import Image

from engine.facts import STARTER
from engine.lab.withheld import NAME, draw
from engine.models.library import Library

WORKED, TAUGHT = 1, 0  # of the examples: whose picture is looked at, and the one in which a word is taught
TAUGHT_PLACE, LESSON, LESSON_STEPS = "red house", 4, 120
PARTS = (("blue sky", "Neon dots"), ("hills", "Sepia print"))
MOOD, LIKED, MOOD_WEIGHT = "Warm prints", ("Sepia print", "Autumn paper cut"), 0.6
INSTRUCTION = "make it winter"
CUT_OUT = "red balloon"
SOUGHT, NEAREST = "Mint ink", 3
TAKES = {"teach": ("--device", "--model", "--steps")}
TAKEN = ("--device", "--model")
"""Which of the gallery's settings a verb takes: one in `TAKES`, and any other."""

FIGURES = ("teach", "pictures", "taste", "instruct", "few-steps", "masks", "caption", "find")

LOOK = """\
What the program does with pictures that are there: it learns a word from them, takes looks from them, finds them, and
says what they show. What each does on the starter, and what it does not, is measured in {figures}."""


class Page(Protocol):
    """What this section needs of the gallery."""

    out: Path
    settings: tuple[str, ...]
    examples: list[Example]

    def run(self, command: Sequence[str]) -> dict[str, Any]: ...

    def link(self, file: Path) -> str: ...

    def area(self, name: str, area: np.ndarray) -> str: ...


class Tools:
    """Makes the section, of a gallery whose other pictures are there."""

    def __init__(self, gallery: Page) -> None:
        self.gallery = gallery
        self.worked = gallery.examples[WORKED]
        model = gallery.settings[gallery.settings.index("--model") + 1] if "--model" in gallery.settings else STARTER
        self.facts = Library().inspect(model)
        self.start = from_root(gallery.out / f"work-{self.worked.short}-as-it-was-made.webp")

    def section(self) -> str:
        """Run all of its commands; returns its part of the page."""
        figures = [ROOT / "packaging" / "figures" / f"{name}.json" for name in FIGURES]
        links = ", ".join(f"[{file.stem}]({self.gallery.link(file)})" for file in figures)
        parts: list[Callable[[], list[str | Shot | Told]]] = [
            self._taught, self._pictures, self._mood, *self._own(), self._cut_out, self._described, self._found,
        ]  # fmt: skip
        rows = [part() for part in parts]
        return section("More tools", LOOK.format(figures=links), ["what was asked", "the result"], rows)

    def _taught(self) -> list[str | Shot | Told]:
        example = self.gallery.examples[TAUGHT]
        phrase, files = TAUGHT_PLACE, []
        areas = {word.phrase: example.scene.masks[word.id].to_array() for word in example.scene.words}
        for number in range(LESSON):
            thing, name = draw(number), f"paint-lesson-{number + 1}.webp"
            alpha = np.where(thing.area, 255, 0).astype(np.uint8)
            drawn = Image.fromarray(np.dstack([thing.rgb, alpha]))
            drawn.save(self.gallery.out / name, "WEBP", quality=60, method=6, exact=True)
            files.append(self.gallery.out / name)
        prompt = example.scene.prompt.replace(phrase, NAME)
        paint = self.gallery.area("house", areas[phrase])
        how = ("--method", "custom", "--class-word", "house")
        teach = self._with("teach", NAME, *(from_root(file) for file in files), *how)
        if "--steps" not in teach:
            teach = (*teach, "--steps", str(LESSON_STEPS))
        self.gallery.run(teach)
        asked = ("--prompt", prompt, "--paint", f"{NAME}={paint}")
        shot = self._shot("a taught word", example, example.file, asked, before=(teach,))
        self.gallery.run(("teach", NAME, "--forget"))  # the gallery leaves nothing behind
        seen = " ".join(f"![the thing, {file.stem[-1]}]({file.name})" for file in files)
        says = f"`wordbrush teach`: the word “{NAME}” from these {len(files)} pictures, painted in place of"
        says += f" the {phrase}. In so short a lesson the starter learns its colours, not its face."
        return [f"{says}<br>{seen}", shot]

    def _pictures(self) -> list[str | Shot | Told]:
        example = self.gallery.examples[TAUGHT]
        references = {name: ROOT / "resources" / "references" / f"{name}.jpg" for _, name in PARTS}
        flags = [part for phrase, name in PARTS for part in ("--style", f"{from_root(references[name])}:2@{phrase}")]
        told = " and ".join(
            f"[{name}]({self.gallery.link(references[name])}) for the {phrase}" for phrase, name in PARTS
        )
        shot = self._shot("two pictures as prompt", example, example.file, flags)
        says = f"`--style` with `@`: {told}, each in its word's paint."
        return [f"{says} On the starter colours follow their words, but one grain covers everything.", shot]

    def _mood(self) -> list[str | Shot | Told]:
        references = [ROOT / "resources" / "references" / f"{name}.jpg" for name in LIKED]
        mood = self._with("mood", MOOD, *(from_root(file) for file in references))
        self.gallery.run(mood)
        asked = ("--mood", f"{MOOD}:{MOOD_WEIGHT}")
        shot = self._shot("a mood", self.worked, self.worked.file, asked, before=(mood,))
        self.gallery.run(("mood", MOOD, "--remove"))
        links = " and ".join(
            f"[{name}]({self.gallery.link(file)})" for name, file in zip(LIKED, references, strict=True)
        )
        return [f"`wordbrush mood`: what {links} have in common, at {MOOD_WEIGHT:g}.", shot]

    def _own(self) -> list[Callable[[], list[str | Shot | Told]]]:
        """What a model brings, or does not: weights for instructions, and for few steps."""
        return [self._instructed] * self.facts.instructs + [self._few_steps] * (self.facts.fast is not None)

    def _instructed(self) -> list[str | Shot | Told]:
        shot = self._shot("instructed", self.worked, None, ("--from", self.start, "--instruct", INSTRUCTION))
        return [f"`--instruct`: the picture from above, told “{INSTRUCTION}”.", shot]

    def _few_steps(self) -> list[str | Shot | Told]:
        fast = self.facts.fast
        assert fast is not None, "see `_own`"
        flags = [part for name, value in fast.few.settings.items() for part in (f"--{name}", str(value))]
        shot = self._shot("in few steps", self.worked, self.worked.file, ("--lora", fast.lora, *flags))
        return [f"`--lora`: the same scene in {fast.few.steps} steps, without guidance, as live mode makes it.", shot]

    def _cut_out(self) -> list[str | Shot | Told]:
        name = self._name("cut out")
        raw = self.gallery.out / f"{name}.png"
        asked = (CUT_OUT, "--prompt", self.worked.scene.prompt, "--cut-out")
        command = (*self._with("mask", self.start, *asked), "--out", from_root(raw))
        self.gallery.run(command)
        keep(raw)
        says = f"`wordbrush mask --cut-out`: the {CUT_OUT}, found by the model's attention in the finished picture."
        return [says, Shot(name, "cut out", self.worked.title, command)]

    def _described(self) -> list[str | Shot | Told]:
        scene = self.gallery.out / f"{self._name('described')}.ora"
        describe = ("describe", self.start, "--out", from_root(scene), "--json")
        answer = self.gallery.run(describe)
        shot = self._shot("made from its description", self.worked, scene, (), before=(describe,))
        scene.unlink()
        says = (
            "`wordbrush describe`: a prompt for the picture, its words already painted, and a picture from that alone."
        )
        return [f"{says}<br>“{answer['prompt']}”", shot]

    def _found(self) -> list[str | Shot | Told]:
        like = ROOT / "resources" / "references" / f"{SOUGHT}.jpg"
        how = ("--folder", from_root(self.gallery.out), "--count", str(NEAREST), "--json")
        command = self._with("find", from_root(like), *how)
        paths = [Path(found["path"]) for found in self.gallery.run(command)["found"]]
        shown = " ".join(f"![found: {path.stem}]({path.name})" for path in paths)
        says = f"`wordbrush find`: the {NEAREST} of this page's pictures that are most like"
        return [f"{says} [{SOUGHT}]({self.gallery.link(like)}).", Told(command, shown)]

    def _shot(
        self,
        caption: str,
        example: Example,
        scene: Path | None,
        flags: Sequence[str],
        *,
        before: tuple[Command, ...] = (),
    ) -> Shot:
        """Make one picture, from a scene file if one is given."""
        name = self._name(caption)
        raw = self.gallery.out / f"{name}.png"
        always = ("--seed", str(example.scene.settings.seed), *self.gallery.settings)
        file = () if scene is None else (from_root(scene),)
        command = ("render", *file, *flags, *always, "--out", from_root(raw))
        self.gallery.run(command)
        keep(raw)
        return Shot(name, caption, example.title, command, before)

    def _with(self, verb: str, *arguments: str) -> Command:
        """A command with those of the gallery's settings that its verb takes."""
        settings = self.gallery.settings
        pairs = zip(settings[::2], settings[1::2], strict=True)
        return (verb, *arguments, *(part for pair in pairs if pair[0] in TAKES.get(verb, TAKEN) for part in pair))

    def _name(self, caption: str) -> str:
        return f"tool-{plain(caption)}"
