"""The experts that a request uses, where their weights come from, and what works beside them; nothing is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.facts import BASE, DELTAS, INSTRUCT, STYLES
from engine.models.library import Library, own_expert
from engine.protocol import ConditioningSettings, ExpertChoice, GenerateRequest, PaintedWord

if TYPE_CHECKING:
    from engine.attention.laws import Law
    from engine.facts import InstalledModel
    from engine.models.controls.loading import RequestControls
    from engine.models.families.base import Family
    from engine.models.ip_adapters.loading import RequestStyles
    from engine.placing import Placed
    from engine.taste.pulling import ClipPull
    from engine.text.encoders import ReadStyle
    from engine.weights.memory_plan import Plan


@dataclass(frozen=True, eq=False)
class ExpertSlot:
    """One expert of a request and the model that its weights come from."""

    choice: ExpertChoice
    model: str
    facts: InstalledModel

    @property
    def part(self) -> str:
        """The name of this expert within its model; "" for the base denoiser."""
        own = own_expert(self.facts, self.choice.part)
        return "" if own is None else own.name


def find_slots(request: GenerateRequest, facts: InstalledModel, library: Library) -> tuple[ExpertSlot, ...]:
    """Return the experts that a validated request uses; nothing is loaded.

    Args:
        facts: of the request's own model.

    Raises:
        ModelNotFound and others: an expert's model cannot be used, see `Library.inspect`. BadRequest: a model has no
        such expert. UnsupportedModel: an expert's model has other latents than the request's model.
    """
    from engine.models.expert_loading import check_latents

    choices = request.experts
    if request.instruct is not None and facts.instruct is not None:
        choices = (ExpertChoice(name=INSTRUCT, part=INSTRUCT),)
    elif choices is None:
        choices = tuple(ExpertChoice(name=own.name, part=own.name, low=own.low, high=own.high) for own in facts.experts)
    slots = []
    for choice in choices or (ExpertChoice(name=BASE),):
        model = choice.model or request.model
        with naming_expert(choice):
            slot = ExpertSlot(choice, model, library.inspect(model) if choice.model else facts)
            own_expert(slot.facts, choice.part)
            if choice.model:
                check_latents(slot.facts, facts)
        slots.append(slot)
    return tuple(slots)


@contextmanager
def naming_expert(choice: ExpertChoice) -> Iterator[None]:
    """Within it, errors name the expert of the request that they are about."""
    try:
        yield
    except EngineError as error:
        if f'"{choice.name}"' in error.message:
            raise
        message = f'The expert "{choice.name}" cannot work: {error.message}'
        raise type(error)(message, hint=error.hint, details=error.details) from error


def count_missing(slots: tuple[ExpertSlot, ...], request: GenerateRequest, library: Library) -> int:
    """How many denoisers, apart from the request's own base, must still be loaded if every expert is used."""
    parts = {(slot.facts.path, slot.part) for slot in slots if slot.part or slot.choice.model}
    return sum(library.held(path, request.device, part) is None for path, part in parts)


def find_controls(request: GenerateRequest, base: Family, library: Library) -> RequestControls | None:
    """Return the request's control pictures; None where it has none. For the errors see `RequestControls`."""
    if not request.adapters.controls:
        return None
    from engine.models.controls.loading import RequestControls

    return RequestControls(request, base, library)


def find_styles(request: GenerateRequest, base: Family, library: Library) -> RequestStyles | None:
    """Return the request's styles where its model takes them through an IP-Adapter; None where there are none, or the
    model reads them itself or not at all. For the errors see `RequestStyles`."""
    asked = request.conditioning
    if not (asked.styles or has_mood(asked)) or base.facts.takes_styles:
        return None
    from engine.models.ip_adapters.finding import can_take
    from engine.models.ip_adapters.loading import RequestStyles

    return RequestStyles(request, base, library, find_mood(asked, base, library)) if can_take(base.facts) else None


def has_mood(asked: ConditioningSettings) -> bool:
    """Whether a mood acts."""
    return asked.mood is not None and asked.mood_weight != 0


def find_mood(asked: ConditioningSettings, base: Family, library: Library) -> tuple[ReadStyle, ...]:
    """Return a request's mood as a style, if it has one. For the errors see `engine.taste.using.mood_for`."""
    if not has_mood(asked):
        return ()
    from engine.taste.using import style_of

    assert asked.mood is not None
    return (style_of(asked.mood, asked.mood_weight, base.facts, library),)


def find_style_lora(asked: ConditioningSettings, base: Family) -> tuple[Path, float] | None:
    """Return the LoRA that lets a model heed the styles that it reads itself, and its weight, that of the strongest.

    None where no style acts, or the model has no such LoRA.
    """
    file = base.facts.path / STYLES / DELTAS
    strengths = [style.strength for style in asked.styles] + [abs(asked.mood_weight)] * has_mood(asked)
    weight = min(1.0, max(strengths, default=0.0))
    return (file, weight) if weight and base.facts.takes_styles and file.is_file() else None


def find_pull(request: GenerateRequest, base: Family, library: Library) -> ClipPull | None:
    """Return the CLIP guidance of a request; None where it asks for none. For the errors see `pull_of`."""
    if not request.conditioning.clip_guidance:
        return None
    from engine.taste.pulling import pull_of

    return pull_of(request, base, library)


def plan_of(
    slots: Sequence[ExpertSlot], base: Family, library: Library, device: str, bytes_for_run: Callable[[], int]
) -> Plan:
    """How the experts that a run uses share the device's memory; models that lie idle there go where it is short."""
    from engine.models.memory_ways import beside, need
    from engine.weights.memory_plan import ALONE, free_bytes, plan
    from engine.weights.offload import bytes_inside

    own = {(slot.facts.path, slot.part): slot for slot in slots}
    if len(own) == 1:
        return ALONE
    itemsize = base.dtype.itemsize
    models = {slot.facts.path: slot.facts for slot in slots}
    coming = [facts for path, facts in models.items() if library.held(path, device) is None]
    rest = sum(beside(facts, itemsize=itemsize) for facts in coming)
    needs = [need(slot.facts, own_expert(slot.facts, slot.part), itemsize=itemsize) for slot in own.values()]
    held = [family for path, part in own for family in [library.held(path, device, part)] if family is not None]
    for idle_too in (False, True):
        if idle_too:
            library.drop_idle([base, *held])
        free = free_bytes(base.device, reserve=bytes_for_run())
        if free is not None:
            inside = bytes_inside(family.offloaded for family in (base, *held))
            free = max(0, free + inside - rest)
        found = plan(needs, free)
        if found.resident:
            break
    return found


def fitted_words(
    request: GenerateRequest, facts: InstalledModel, law: Law, words: Sequence[PaintedWord]
) -> tuple[PaintedWord, ...]:
    """The painted words, those of things with round paint by their outlines."""
    if not _is_placing(request, law):
        return tuple(words)
    from engine.placing import fit_words

    return fit_words(facts.path, request.text.prompt, words, size=request.picture.size, cell=facts.multiple)


def placed_words(
    request: GenerateRequest, facts: InstalledModel, law: Law, words: Sequence[PaintedWord], number: int
) -> Placed:
    """Paint for the words that have none, in picture `number` of the request."""
    from engine.placing import Placed, place_words

    if not _is_placing(request, law):
        return Placed()
    picture = request.picture
    seed, cell = picture.seed + number, facts.multiple
    return place_words(facts.path, request.text.prompt, words, size=picture.size, seed=seed, cell=cell)


def _is_placing(request: GenerateRequest, law: Law) -> bool:
    """A picture that is changed has its things already, and laws without bias or by area have no use for places."""
    changed = request.start is not None or request.edit is not None or request.instruct is not None
    return not changed and request.conditioning.place_words and not (law.name == "none" or law.regional)
