"""Where the words of one picture are read: heatmaps by layer, head and step, and how they overlap (DAAM).

DAAM (arXiv 2210.04885) sums attention over layers, heads and steps; here the parts of that sum are kept apart. Its
section 4 asks how the maps of a head noun and of what depends on it overlap: with maps made binary, the intersection
over the dependent's area (IoD), over the head's (IoH) and over the union (IoU), as means over pairs. Its section 5
compares nouns of one kind (cohyponyms) with others: the more their maps overlap, the more the things mix. There a
parser tells the pairs; here the last word of a noun phrase is its head (`resources.noun_phrases`).
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.attention.heatmaps import heard_by
from engine.errors import InternalError, UnsupportedModel
from engine.lab.attention_sheets import write_sheets
from engine.lab.progress import Clock, Progress, RunCancelled
from engine.models.library import Library
from engine.pipeline import generate
from engine.protocol import Cancelled, Failed, Finished, GenerateRequest, ImageReady, Step
from engine.world.textures import FARS, GROUNDS, SKIES
from resources.noun_phrases import chunks, is_determiner
from resources.phrases import Span

THRESHOLD = 0.4
"""Where a map, from its least to its largest value, is made binary: the authors' own (`daam.run.linguistics`)."""

KINDS: tuple[frozenset[str], ...] = tuple(
    frozenset(name.split()[-1] for name in kind) for kind in (SKIES, FARS, GROUNDS)
)
"""The starter's nouns of one kind, by their last words. The same noun twice is of one kind, whatever it is."""


class Gatherer:
    """Keeps the attention that `heard_by` tells of, by layer and head and by step; enter it for a run.

    Args:
        words: how many of the last words that are told of count. size: (h, w) to which maps of a step are grown.

    Attributes:
        heads: for each layer, in the order of the calls, float32 `[heads, words, h, w]`, the sum over the steps.
        steps: for each step float32 `[words, h, w]`, the sum over layers of the mean over heads, grown bicubically.
    """

    def __init__(self, family: Any, words: int, size: tuple[int, int]) -> None:
        network = family.unet if hasattr(family, "unet") else family.denoiser.network
        self._modules = {path: network.get_submodule(path) for path in family.control.paths}
        self._words, self._size = words, size
        self._path, self._seen = "", set[str]()
        self.heads: dict[str, Tensor] = {}
        self.steps: list[Tensor] = []

    def __call__(self, size: tuple[int, int], drawn: Tensor) -> None:
        """See `engine.attention.heatmaps.Listener`; of several samples the first counts."""
        maps = drawn[0, ..., -self._words :].transpose(1, 2).unflatten(-1, size).cpu()
        if not self.steps or self._path in self._seen:
            self._seen.clear()
            self.steps.append(torch.zeros(self._words, *self._size))
        self._seen.add(self._path)
        kept = self.heads.get(self._path)
        self.heads[self._path] = maps if kept is None else kept + maps
        grown = F.interpolate(maps.mean(dim=0)[None], size=self._size, mode="bicubic", align_corners=False)
        self.steps[-1] += grown[0]

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """In here recorders that are made tell it of their layers."""

        def entering(path: str) -> Any:
            def note(*_: object) -> None:
                self._path = path

            return note

        hooks = [module.register_forward_pre_hook(entering(path)) for path, module in self._modules.items()]
        try:
            with heard_by(self):
                yield
        finally:
            for hook in hooks:
                hook.remove()

    @property
    def whole(self) -> Tensor:
        """DAAM's map of each word, float32 `[words, h, w]`, 0..1: the mean over layers, heads and steps."""
        return (sum(self.steps, torch.zeros(())) / (len(self.steps) * len(self.heads))).clamp(0.0, 1.0)


def overlap(dependent: np.ndarray, head: np.ndarray) -> dict[str, float]:
    """IoD, IoH and IoU of two maps `[h, w]`, made binary at `THRESHOLD` of their range; 0 where one is flat."""
    first, second = (
        each > each.min() + THRESHOLD * (each.max() - each.min()) for each in (np.asarray(dependent), np.asarray(head))
    )
    both = np.count_nonzero(first & second)
    areas = {"iod": first, "ioh": second, "iou": first | second}
    return {name: both / (np.count_nonzero(area) or 1) for name, area in areas.items()}


@dataclass(frozen=True)
class Pair:
    """Two words of a prompt, by their numbers, and how the one depends on the other.

    Attributes:
        relation: "determiner" or "modifier" of the head of their phrase; "other head" for a modifier and the head of
            another phrase; "cohyponyms" for two heads of one kind; "heads" for any other two.
    """

    dependent: int
    head: int
    relation: str


def words_of(prompt: str) -> list[Span]:
    """The words whose maps are made: all but the small ones between phrases."""
    return [word for chunk in chunks(prompt) for word in chunk]


def pairs_of(prompt: str, kinds: Sequence[Collection[str]] = KINDS) -> list[Pair]:
    """All pairs of `words_of(prompt)` that stand in a relation."""
    numbers = {word: number for number, word in enumerate(words_of(prompt))}
    phrases = [[numbers[word] for word in chunk] for chunk in chunks(prompt)]
    texts = [prompt[slice(*word)].casefold() for word in numbers]
    found = []
    for phrase, other in itertools.product(phrases, phrases):
        for number in phrase[:-1]:
            small = is_determiner(texts[number])
            if phrase is other:
                found.append(Pair(number, phrase[-1], "determiner" if small else "modifier"))
            elif not small:
                found.append(Pair(number, other[-1], "other head"))
    for first, second in itertools.combinations([phrase[-1] for phrase in phrases], 2):
        pair = {texts[first], texts[second]}
        related = len(pair) == 1 or any(pair <= set(kind) for kind in kinds)
        found.append(Pair(first, second, "cohyponyms" if related else "heads"))
    return found


def means_of(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each relation the number of its pairs, mIoD, mIoH and mIoU."""
    found = []
    for relation in dict.fromkeys(row["relation"] for row in rows):
        own = [row for row in rows if row["relation"] == relation]
        means = {f"m{name}": float(np.mean([row[name] for row in own])) for name in ("iod", "ioh", "iou")}
        found.append({"relation": relation, "n": len(own), **means})
    return found


def run(
    request: GenerateRequest,
    *,
    plots: Path,
    kinds: Sequence[Collection[str]] = (),
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
) -> dict[str, Any]:
    """Make a request's first picture by the model's base denoiser alone, for `wordbrush lab attention --plots`.

    What the text asks for is told, without the paint's own push, as heatmaps elsewhere.

    Args:
        plots: the folder of the PNG files, see `engine.lab.attention_sheets`. kinds: further nouns of one kind.

    Returns:
        `rows`: the pairs. `relations`: their means. `words`: of each word its share of all attention, by step and by
        layer, of each layer by head.

    Raises:
        RunCancelled: `cancel` was set. UnsupportedModel: the model's attention cannot be seen. EngineError: what the
        engine reports, or `plots` cannot be written.
    """
    began = time.monotonic()
    library = library or Library()
    spans = words_of(request.text.prompt)
    asked = request.replace(watched=tuple(spans), experts=(), count=1, previews=False, obedience=False, compile="off")
    loading = library.loading(asked.model, asked.device, outside=True)
    while True:
        try:
            next(loading)
        except StopIteration as done:
            family = done.value
            break
    gatherer = Gatherer(family, len(spans), family.latent_size(*asked.picture.size))
    clock = Clock(asked.sampling.steps, progress, cancel)
    with gatherer.gathering():
        image = _made(asked, library, clock)
    if not gatherer.steps:
        raise UnsupportedModel(
            f'The model "{asked.model}" does not show where its words went.', hint="Choose another model."
        )
    whole = gatherer.whole.numpy()
    texts = [asked.text.prompt[slice(*span)] for span in spans]
    rows = [
        {
            "dependent": texts[pair.dependent],
            "head": texts[pair.head],
            "relation": pair.relation,
            **overlap(whole[pair.dependent], whole[pair.head]),
        }
        for pair in pairs_of(asked.text.prompt, [*KINDS, *kinds])
    ]
    layers = {path: (maps / len(gatherer.steps)).numpy() for path, maps in gatherer.heads.items()}
    steps = [(each / len(layers)).numpy() for each in gatherer.steps]
    files = write_sheets(plots, image.rgb, texts, whole, layers, steps)
    return {
        "schema": 1,
        "rows": rows,
        "relations": means_of(rows),
        "words": [
            {
                "word": text,
                "span": list(span),
                "share": float(whole[number].mean()),
                "by_step": [float(each[number].mean()) for each in steps],
                "by_layer": {path: float(maps[:, number].mean()) for path, maps in layers.items()},
                "by_head": {path: maps[:, number].mean(axis=(1, 2)).tolist() for path, maps in layers.items()},
            }
            for number, (text, span) in enumerate(zip(texts, spans, strict=True))
        ],
        "plots": [str(file) for file in files],
        "prompt": asked.text.prompt,
        "model": asked.model,
        "device": str(family.device),
        "steps": len(steps),
        "layers": len(layers),
        "seconds": time.monotonic() - began,
    }


def _made(asked: GenerateRequest, library: Library, clock: Clock) -> ImageReady:
    for event in generate(asked, library=library, cancel=clock.cancel):
        if isinstance(event, Failed):
            raise event.error
        if isinstance(event, Cancelled):
            raise RunCancelled
        if isinstance(event, Step):
            clock.tick(f"step {event.index} of {event.total}", 1.0)
        if isinstance(event, Finished):
            return event.images[0]
    raise InternalError("A picture of the lab did not come.", hint="Please report this.")
