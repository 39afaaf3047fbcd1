"""The lesson itself: one loop for all methods, on accelerate, that may be stopped at any step and go on later."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import BadRequest, DeviceOutOfMemory, InternalError, NotFinite
from engine.facts import ModelFacts
from engine.models.families.sd import StableDiffusion
from engine.teaching import checkpoint
from engine.teaching.accelerator import new_accelerator
from engine.teaching.batches import Encoded, draw, noised, rate_at
from engine.teaching.changes import WordChanges, WordVectors, first_vectors, groups, parameters_of
from engine.teaching.checkpoint import Standing
from engine.teaching.events import GO, PAUSE, Event, Paused, Preparing, Sampled, Stepped, Taught, Waiting, Wish
from engine.teaching.files import cannot_write, write_word
from engine.teaching.lesson import EMBEDDING, Lesson, picture_files
from engine.teaching.painted import LessonAttention, gains
from engine.teaching.pictures import Example, encoded, read_examples
from engine.teaching.samples import LessonLibrary, class_picture, sample
from engine.teaching.text import CaptionReader, parts_of
from engine.weights.loading import is_out_of_memory, pick_device

SAMPLES = 5
"""Pictures that show how far the word is, the last one after the last step."""

_EVERY = 60.0
"""Seconds between checkpoints."""

_NAP = 0.05


class Pupil(nn.Module):
    """The frozen UNet and encoders, with what is learnt beside them.

    Args:
        changes: of the UNet, None where only vectors are learnt.
    """

    def __init__(self, family: StableDiffusion, reader: CaptionReader, changes: WordChanges | None) -> None:
        super().__init__()
        # No submodules: accelerate moves and copies those.
        self._outside = (family, reader, LessonAttention(family.unet))
        self.changes = changes

    def forward(self, noisy: Tensor, times: Tensor, captions: list[str], painted: Tensor, areas: Tensor) -> Tensor:
        """The UNet's output `[B, C, h, w]`.

        Args:
            noisy: `[B, C, h, w]`. times: `[B]`. painted, areas: see `LessonAttention.begin`.
        """
        family, reader, attention = self._outside
        read = reader(captions)
        unet: Any = family.unet
        dtype = unet.dtype
        if self.changes is not None:
            self.changes.tokens = read.tokens
        attention.begin(painted, areas, read.tokens, read.present)
        try:
            output: Tensor = unet(
                noisy.to(dtype, memory_format=torch.channels_last),
                times,
                read.context.to(dtype),
                added_cond_kwargs=read.added and {name: each.to(dtype) for name, each in read.added.items()},
            ).sample
        finally:
            attention.end()
            if self.changes is not None:
                self.changes.tokens = None
        return output.float()


def teach(
    lesson: Lesson,
    folder: Path,
    library: LessonLibrary,
    *,
    device: str = "auto",
    wish: Wish = lambda: GO,
    resume: bool = False,
    samples: int = SAMPLES,
) -> Iterator[Event]:
    """Teach a lesson that `lessons.begin` or `go_on` gave; see `Teacher`. One that is done leaves pictures and samples.

    Raises:
        as `Teacher.run`.
    """
    for event in Teacher(lesson, folder, library, device=device, wish=wish, samples=samples).run(resume=resume):
        if isinstance(event, Taught):
            for name in ("checkpoint.safetensors", "checkpoint-before.safetensors", "samples/now.safetensors"):
                (folder / name).unlink(missing_ok=True)
            shutil.rmtree(folder / "class", ignore_errors=True)
            (folder / "done").touch()
        yield event


class Teacher:
    """Teaches one word; `run` once.

    Args:
        lesson: checked and `filled`. folder: of the lesson: its pictures, checkpoints, samples and class pictures.
        library: where the model is found and loaded. device: auto, cpu, cuda, cuda:N or mps.
        wish: see `Wish`. samples: how many pictures show how far the word is; 0 for none.
        clock: in seconds, for the time that is left.
    """

    def __init__(
        self,
        lesson: Lesson,
        folder: Path,
        library: LessonLibrary,
        *,
        device: str = "auto",
        wish: Wish = lambda: GO,
        samples: int = SAMPLES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lesson, self.folder, self.library = lesson, folder, library
        self.device, self._wish, self._samples, self._clock = device, wish, samples, clock
        self.step, self._seconds = 0, 0.0
        self._facts: ModelFacts = library.inspect(lesson.model)
        self._noise: Any = None
        self._examples: Encoded | None = None
        self._prior: Encoded | None = None

    def run(self, *, resume: bool = False) -> Iterator[Event]:
        """Teach, and yield what happens; the last event is `Paused` or `Taught`.

        Raises:
            EngineError: the model cannot be loaded, memory or space runs out, a picture cannot be read, or a checkpoint
            cannot be used.
        """
        try:
            yield from self._run(resume)
        except OSError as error:
            raise cannot_write(error) from error
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            raise DeviceOutOfMemory(
                "The device ran out of memory.",
                hint="Choose a smaller batch or size, close other programs that use the device, or the device cpu.",
                details=repr(error),
            ) from error

    def _run(self, resume: bool) -> Iterator[Event]:
        lesson = self.lesson
        yield Preparing("the model", 0.0)
        device = str(pick_device(self.device))
        family = self._load(device)
        self._noise = family.noise
        yield Preparing("the pictures", 0.3)
        examples = read_examples(picture_files([self.folder / "pictures"]), lesson.word)
        prior = yield from self._class_pictures(device)
        if prior is None:
            yield Paused(0)
            return
        self._examples = Encoded(examples, *encoded(examples, lesson.size, family.encode_picture, seed=lesson.seed))
        if prior:
            latents = encoded(prior, lesson.size, family.encode_picture, seed=lesson.seed + 1)
            self._prior = Encoded(prior, *latents)
        generator = torch.Generator().manual_seed(lesson.seed)
        found = {
            part: first_vectors(reader, lesson.class_word, lesson.vectors, generator)
            for part, reader in parts_of(family).items()
        }
        vectors = WordVectors({part: each[0] for part, each in found.items()}, {p: s for p, (_, s) in found.items()})
        changes = None
        if lesson.method != EMBEDDING:
            changes = WordChanges(family.unet, lesson.method, lesson.rank, seed=lesson.seed)
        try:
            yield from self._teach(family, vectors, changes, device, resume)
        finally:
            if changes is not None:
                changes.end()

    def _load(self, device: str) -> StableDiffusion:
        family = self.library.load(self.lesson.model, device)
        if not isinstance(family, StableDiffusion):
            raise InternalError("This model cannot be taught.", hint="Choose a Stable Diffusion model.")
        if not family.way.trains:
            raise DeviceOutOfMemory(
                "The model does not fit on the device as a whole, which teaching needs.",
                hint="Choose a smaller model, or the device cpu.",
            )
        family.adapt((), "")  # the weights of the model itself
        family.learn(())
        return family

    def _class_pictures(self, device: str) -> Generator[Event, None, list[Example] | None]:
        """Make the class pictures that are missing; returns all, or None if it is to pause."""
        lesson, folder = self.lesson, self.folder / "class"
        steps = self.library.inspect(lesson.model).defaults.steps
        made = []
        for number in range(lesson.class_pictures):
            file = folder / f"{number:03d}.png"
            if not file.is_file():
                while (wish := self._wish()) != GO:
                    if wish == PAUSE:
                        return None
                    time.sleep(_NAP)
                yield Preparing("pictures of its kind", 0.3 + 0.7 * number / lesson.class_pictures)
                from PIL import Image

                from resources import atomic

                folder.mkdir(parents=True, exist_ok=True)
                with atomic.replacing(file) as new:
                    Image.fromarray(class_picture(lesson, self.library, device, number, steps)).save(new, format="PNG")
            from engine.scoring.style_image import reference_from_image

            made.append(Example(reference_from_image(file)))
        return made

    def _teach(
        self, family: StableDiffusion, vectors: WordVectors, changes: WordChanges | None, device: str, resume: bool
    ) -> Iterator[Event]:
        lesson = self.lesson
        accelerator = new_accelerator(torch.device(device))
        trained = nn.ModuleDict({"vectors": vectors} | ({} if changes is None else {"changes": changes}))
        trained.to(accelerator.device)
        optimizer = torch.optim.AdamW(groups(vectors, changes, lesson.rate), betas=(0.9, 0.99))
        assert self._examples is not None, "encoded before"
        settings = {**asdict(lesson), "size": list(lesson.size), "pictures": len(self._examples.pictures)}
        if resume:
            self._resume(trained, optimizer, settings)
        pupil = Pupil(family, CaptionReader(family, lesson.word, vectors.of, lesson.size), changes)
        model, stepper = accelerator.prepare(pupil, optimizer)
        saved = self._clock()
        asked = self._wish
        while self.step < lesson.steps:
            wish = asked()
            if wish == PAUSE:
                self._save(trained, optimizer, settings)
                yield Paused(self.step)
                return
            if wish != GO:
                yield Waiting(self.step)
                while (wish := asked()) not in (GO, PAUSE):
                    time.sleep(_NAP)
                continue
            began = self._clock()
            loss = self._step(model, stepper, accelerator)
            self.step += 1
            self._seconds += self._clock() - began
            if not math.isfinite(loss):
                raise NotFinite(
                    "What was learnt is no longer finite (NaN or infinity).",
                    hint="Begin again with a lower learning rate.",
                )
            left = (lesson.steps - self.step) * self._seconds / self.step
            yield Stepped(self.step, lesson.steps, loss, left)
            if self._clock() - saved > _EVERY or self.step == lesson.steps:
                self._save(trained, optimizer, settings)
                saved = self._clock()
            if self._samples and self._shows(self.step):
                now = None if changes is None else changes.tensors()
                args = (lesson, self.library, device, vectors.of, now, self.folder / "samples", self.step)
                yield Sampled(self.step, sample(*args))
        facts = self.library.inspect(lesson.model)
        home = self.library.folder.parent
        files = write_word(
            lesson,
            facts.name,
            vectors.of,
            None if changes is None else changes.tensors(),
            embeddings=home / "embeddings",
            loras=home / "loras",
        )
        yield Taught(lesson.word, files)

    def _shows(self, step: int) -> bool:
        each = max(1, self.lesson.steps // self._samples)
        return step % each == 0 or step == self.lesson.steps

    def _resume(self, trained: nn.Module, optimizer: torch.optim.Optimizer, settings: dict[str, Any]) -> None:
        standing = checkpoint.restore(self.folder, trained, optimizer)
        if standing is None:
            return
        other = [name for name, value in settings.items() if standing.settings.get(name) != value]
        if other:
            raise BadRequest(
                f'What was learnt so far of "{self.lesson.word}" was learnt in another way: {", ".join(other)}.',
                hint="Use the same settings, or begin again from its pictures.",
            )
        self.step, self._seconds = standing.step, standing.seconds

    def _save(self, trained: nn.Module, optimizer: torch.optim.Optimizer, settings: dict[str, Any]) -> None:
        checkpoint.save(self.folder, Standing(self.step, self._seconds, settings), trained, optimizer)

    def _step(self, model: Any, stepper: Any, accelerator: Any) -> float:
        """One step of the optimiser; all that is random in it follows from its number."""
        lesson = self.lesson
        rng = np.random.default_rng((lesson.seed, self.step))
        assert self._examples is not None, "encoded before"
        drawn = draw(self._examples, lesson.word, self._facts, lesson.batch, rng)
        counts = [1.0] * lesson.batch
        if self._prior is not None:
            drawn = drawn.with_prior(draw(self._prior, lesson.class_word, self._facts, lesson.batch, rng))
            counts += [lesson.prior_weight] * lesson.batch
        latents, areas = drawn.latents.to(accelerator.device), drawn.areas.to(accelerator.device)
        noise = torch.from_numpy(rng.standard_normal(latents.shape, dtype=np.float32)).to(latents.device)
        noisy, times, target, sigma = noised(self._noise, latents, noise, rng)
        painted = torch.from_numpy(drawn.painted).to(sigma) * gains(self._facts.defaults.paint_weight, sigma)
        output = model(noisy, times, drawn.captions, painted, areas)
        weight = drawn.weights.to(latents.device)
        errors = ((output - target).square().mean(1, keepdim=True) * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3))
        loss = (errors * torch.tensor(counts, device=errors.device)).sum() / lesson.batch
        for group in stepper.param_groups:
            group["lr"] = rate_at(self.step / lesson.steps, group["peak"])
        stepper.zero_grad(set_to_none=True)
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(parameters_of(stepper.param_groups), 1.0)
        stepper.step()
        return float(loss.detach())
