"""The denoisers of one request: loads them within the memory plan, prepares each once, and routes steps by sigma."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from engine.errors import DeviceOutOfMemory, EngineError
from engine.experts.relief import Relief
from engine.experts.shares import share_of
from engine.experts.slots import ExpertSlot, find_controls, find_mood, find_pull, find_styles, naming_expert, plan_of
from engine.models.library import Library
from engine.protocol import Fidelity, GenerateRequest

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from engine.attention.heatmaps import Heatmaps
    from engine.baselines.regional_prompting import MultiDiffusion
    from engine.experts.prefetch import Prefetcher
    from engine.models.adapters.choosing import ChosenAdapter
    from engine.models.families.base import Family, RunConfig
    from engine.placing import Placed
    from engine.sampling.loop import WalkStep
    from engine.text.conditioning import Area, Conditioning


class Ensemble:
    """The denoisers that sample a request's pictures.

    Call `load` once, `begin` for each batch, `activate` and `denoise` for each step, and `close` at the end.

    Args:
        base: the request's own model: it defines the noise schedule and decodes the latents.
        guidance, paint_weight, fidelity: of the request, with the model's defaults filled in.
        check: called between the layers of the networks; an exception that it raises ends the run there.
    """

    lanes = 1
    """How many latents are sampled together for each picture, see `shown`."""

    def __init__(
        self,
        request: GenerateRequest,
        slots: tuple[ExpertSlot, ...],
        base: Family,
        library: Library,
        *,
        guidance: float,
        paint_weight: float,
        fidelity: Fidelity,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        from engine.attention.fidelity import acting, with_words
        from engine.attention.laws import find_law
        from engine.experts.routing import Expert, ExpertSchedule
        from engine.experts.slots import fitted_words

        law = request.conditioning.law if paint_weight else "none"
        size = base.latent_size(*request.picture.size)
        self.walk = base.noise.walk(request.sampling.sampler, request.sampling.steps, latent=size)
        if request.start is not None:
            self.walk = base.noise.later(self.walk, request.start.strength)
        self._prefetcher: Prefetcher | None = None
        self._request = request
        self._base = base
        self._library = library
        self._guidance = guidance
        self._paint_weight = paint_weight
        self._fidelity, self._words = acting(fidelity, request.text.words, paint_weight)
        self._gradient_steps = with_words(self._fidelity, self._words).gradient_steps if self._words else 0
        self._law = find_law(law)
        self._number = 0
        self._words = fitted_words(request, base.facts, self._law, self._words)
        self._placed = self._place_words()
        self._check = check
        self._learnt = library.learnt_words((request.text.prompt, request.text.negative), base.facts.path)
        self._adapters = self._chosen_adapters()
        self._controls, self._styles = find_controls(request, base, library), find_styles(request, base, library)
        self._pull = find_pull(request, base, library)
        self._owners = {
            Expert(slot.choice.name, partial(self._denoise, slot), slot.choice.low, slot.choice.high): slot
            for slot in slots
        }
        self._schedule = ExpertSchedule(list(self._owners))
        active = dict.fromkeys(self._schedule.at(sigma) for sigma in self.walk.sigmas[:-1])
        self._slots = [self._owners[expert] for expert in active]
        self._families: dict[ExpertSlot, Family] = {}
        self._contexts: dict[object, Conditioning] = {}
        self._configs: dict[Family, RunConfig] = {}
        self._regional: dict[Family, MultiDiffusion] = {}
        self._batch = 0
        self._relief: Relief | None = None
        self._fraction = 0.0

    def _place_words(self) -> Placed:
        from engine.experts.slots import placed_words

        return placed_words(self._request, self._base.facts, self._law, self._words, self._number)

    # --- memory ---------------------------------------------------------------------------------------------------

    def load(self, *, done: int = 0) -> Generator[tuple[str, float], None, None]:
        """Load the experts that this run's noise levels use; yields (what comes next, fraction done).

        Args:
            done: parts that were loaded before these and count in the fraction.

        Raises:
            ModelIncomplete and others: see `Library.loading`. UnsupportedModel: an expert does not fit the base.
        """
        from engine.experts.prefetch import Prefetcher, make_room

        plan = plan_of(self._slots, self._base, self._library, self._request.device, self._bytes_for_run)
        families: list[Family] = [self._base]
        # The first expert to run is loaded last, so that it is in memory when sampling begins.
        missing = [slot for slot in reversed(self._slots) if not self._is_held(slot)]
        for slot in reversed(self._slots):
            held = self._is_held(slot)
            if not held and not plan.resident:
                make_room([family.offloaded for family in families], plan.slots)
            loading = self._library.loading(
                slot.model,
                self._request.device,
                part=slot.part,
                in_use=families,
                outside=held or not plan.resident,
                memory=self._request.memory,
            )
            index = done + (missing.index(slot) if slot in missing else 0)
            with naming_expert(slot.choice):
                family = yield from share_of(loading, index, done + len(missing))
            self._families[slot] = family
            if all(family is not other for other in families):
                families.append(family)
        if done or missing:
            yield "ready", 1.0
        if self._controls is not None:
            yield from self._controls.loading()
        if self._styles is not None:
            yield from self._styles.loading()
        active = {self._families[slot]: self._families[slot].offloaded for slot in self._slots}
        if not plan.resident:
            make_room([self._families[slot].offloaded for slot in reversed(self._slots)], plan.slots + 1)
            # An unused base must not take the memory that the active experts need.
            for family in (each for each in families if each not in active):
                family.offloaded.release()
        self._prefetcher = Prefetcher(active, len(active) if plan.resident else plan.slots)

    def _bytes_for_run(self) -> int:
        request = self._request
        of_controls = 0 if self._controls is None else self._controls.missing_bytes
        return of_controls + self._base.bytes_for_run(
            request.picture.size,
            batch=min(request.picture.batch, request.picture.count),
            guided=self._guidance != 1,
            gradient=self._gradient_steps > 0,
        )

    def _chosen_adapters(self) -> tuple[ChosenAdapter, ...]:
        from engine.experts.slots import find_style_lora

        taught = [word for word in self._learnt if word.adapter and hasattr(self._base, "unet")]
        heeding = find_style_lora(self._request.conditioning, self._base)
        if not self._request.adapters.loras and not taught and heeding is None:
            return ()
        from engine.models.adapters.choosing import chosen_adapters

        where, learnt = self._base.facts.path, self._learnt if taught else ()
        return chosen_adapters(self._request, lambda: self._library.folders_of("loras", where), learnt, heeding)

    def _is_held(self, slot: ExpertSlot) -> bool:
        return self._library.held(slot.facts.path, self._request.device, slot.part) is not None

    # --- work -----------------------------------------------------------------------------------------------------

    @property
    def families(self) -> list[Family]:
        """The denoisers that this run uses."""
        return list(dict.fromkeys(self._families.values()))

    @property
    def names(self) -> tuple[str, ...]:
        """The experts' names, from high noise to low."""
        return tuple(slot.choice.name for slot in self._slots)

    def name_at(self, sigma: float) -> str:
        """The name of the expert that owns `sigma`."""
        return self._schedule.at(sigma).name

    @property
    def _prompt(self) -> str:
        """What is read: the request's prompt, and what it leaves unsaid and the picture needs."""
        return self._request.text.prompt + self._placed.addition

    @property
    def places(self) -> bool:
        """Whether words without paint are placed: each picture has its own places then, and is sampled by itself."""
        return self._placed.varies

    def begin(self, batch: int, number: int = 0) -> None:
        """Start the next `batch` pictures of the request, from `number` on; preparations for a batch of the same size
        are reused."""
        moved = self.places and number != self._number
        if batch != self._batch or moved:
            self._end()
            self._batch, self._number = batch, number
            self._placed = self._place_words() if moved else self._placed
        for family, config in self._configs.items():
            if family.brief is config:
                family.again()

    def activate(self, sigma: float, *, last: bool) -> None:
        """Bring the expert for `sigma` into memory and prepare it; the next one is prefetched in the background.

        Args:
            last: whether this is the request's last batch, after which no expert is needed again.

        Raises:
            DeviceOutOfMemory: it does not fit. ModelIncomplete: its files cannot be read any more.
        """
        assert self._prefetcher is not None, "made by load"
        family = self.family_at(sigma)
        self._prefetcher.turn(family, last=last and family is self._families[self._slots[-1]])
        family.learn(self._learnt)
        family.adapt(self._adapters, self._request.text.prompt)
        self._prepare(family)

    def _prepare(self, family: Family) -> None:
        """Begin this request's run on a denoiser that is in memory, where that was not done yet."""
        if family not in self._configs:
            config = self._make_config(family)
            self._begin(family, config)
            self._configs[family] = config
            if self._law.regional == "denoiser":
                from engine.baselines.regional_prompting import MultiDiffusion

                areas = self._areas(family)
                self._regional[family] = MultiDiffusion(family, config, areas, seed=self._request.picture.seed)

    def _begin(self, family: Family, config: RunConfig) -> None:
        try:
            family.begin(config)
        except DeviceOutOfMemory:
            # Models that are loaded but idle may hold the memory that is missing.
            self._library.drop_idle([self._base, *self._families.values()])
            family.begin(config)

    def steer(self, x: Tensor, step: WalkStep) -> Tensor:
        """x `[B, C, h, w]` with layout guidance, in the first steps only; after `activate`, see `Family.steer`."""
        if (number := int(step.skipped) + step.index) >= self._gradient_steps:
            return x
        family = self.family_at(step.sigma)
        self.check_ours(family)
        timestep = self._timestep(family, step.sigma)
        return x + family.steer(x, step.sigma, timestep=timestep, fraction=step.fraction, step=number)

    def family_at(self, sigma: float) -> Family:
        """The denoiser that works at `sigma`."""
        return self._families[self._owners[self._schedule.at(sigma)]]

    def keep(self, good: Tensor, step: WalkStep) -> None:
        """Commit what the step changed in its denoiser if `good`, a 0-d bool on the device, is true; see `mend`."""
        self.family_at(step.sigma).keep(good)

    def mend(self, failed: WalkStep, dropped: Sequence[WalkStep]) -> str:
        """Undo the dropped steps and switch the failed step's denoiser to a wider dtype.

        Args:
            failed: the step whose output was not finite. dropped: the steps to undo, from the failed one on.

        Returns:
            the dtype's name, such as "float32"; "" if there is no wider one.

        Raises:
            NotFinite: the weights themselves are damaged.
        """
        for step in dropped:
            self.family_at(step.sigma).undo()
        dtype = self.family_at(failed.sigma).widen()
        return "" if dtype is None else str(dtype).removeprefix("torch.")

    def denoise(self, x: Tensor, sigma: float, *, fraction: float) -> Tensor:
        """Return x0 from the expert for `sigma`, after `activate`; `fraction` is the share of the steps done, 0..1."""
        self._fraction = fraction
        x0 = self._schedule.denoise(x, sigma)
        return x0 if self._pull is None else self._pull(x0)

    def _denoise(self, slot: ExpertSlot, x: Tensor, sigma: float) -> Tensor:
        family = self._families[slot]
        self.check_ours(family)
        regional = self._regional.get(family)
        denoiser = family if regional is None else regional
        timestep, guidance = self._timestep(family, sigma), self._guidance_of(slot)
        return denoiser.denoise(x, sigma, timestep=timestep, fraction=self._fraction, guidance=guidance)

    def _guidance_of(self, slot: ExpertSlot) -> float:
        own = slot.choice.guidance
        return self._guidance if own is None else float(own)

    def _timestep(self, family: Family, sigma: float) -> float:
        import numpy as np

        own = self.walk.timestep(sigma)
        if own is not None and np.array_equal(family.noise.table, self._base.noise.table):
            return own
        return family.noise.timestep(sigma)

    def _make_config(self, family: Family) -> RunConfig:
        from engine.models.families.base import RunConfig

        request = self._request
        reads = family.encoders_key
        if reads not in self._contexts:
            self._contexts[reads] = self._read(family, self._prompt)
        config = RunConfig(
            context=self._contexts[reads],
            words=self._words,
            placed=[word for word in self._placed.words if self._contexts[reads].hears(word.span)],
            size=request.picture.size,
            batch=self._batch,
            # A family may own several intervals with different guidance: it runs both halves if any of them needs it.
            guidance=max(self._guidance_of(slot) for slot in self._slots if self._families.get(slot) is family),
            sampling=request.sampling,
            law=self._law.name,
            paint_weight=self._paint_weight,
            fidelity=self._fidelity,
            areas=self._areas(family) if self._law.regional == "attention" else (),
            watched=request.text.watched,
            heatmaps=request.report.obedience,
            controls=() if self._controls is None else self._controls.fitting(family),
            styles=() if self._styles is None else self._styles.fitting(family),
            check=self._check,
            compiled=request.compile == "on" or (request.compile == "auto" and family.device.type == "cuda"),
        )
        return config if request.start is None or request.start.shape is None else self._with_shape(config, family)

    def _with_shape(self, config: RunConfig, family: Family) -> RunConfig:
        from engine.experts.shapes import with_shape

        return with_shape(config, self._request, family.facts, self._law)

    def _read(self, family: Family, prompt: str) -> Conditioning:
        asked = self._request.conditioning
        # Where an IP-Adapter reads them, styles and the mood come through it.
        styles = () if self._styles is not None else (*asked.styles, *find_mood(asked, self._base, self._library))
        context = family.encode(prompt, self._request.text.negative, encoders=asked.encoders, styles=styles)
        if not asked.structured or prompt != self._prompt:
            return context
        from engine.experts.phrases import in_phrases

        return in_phrases(family, self._request, context, partial(family.encode, negative="", encoders=asked.encoders))

    def _areas(self, family: Family) -> list[Area]:
        from engine.baselines.regional_prompting import make_areas

        return make_areas(self._request, partial(self._read, family))

    def check_ours(self, *families: Family) -> None:
        """Check that these families (by default all that were begun) are still set up for this request.

        Raises:
            EngineError: another run has begun on the same models in the meantime.
        """
        for family in families or tuple(self._configs):
            if family.brief is not self._configs[family]:
                raise EngineError(
                    "Another generation has taken over the model.",
                    hint="Let one generation end before the next begins, or give each a Library of its own.",
                )

    def heatmaps(self) -> Tensor | None:
        """The watched spans' attention so far, summed over all experts that ran, or None if no span is watched.

        Float32 `[batch, watched, h, w]`, 0..1, at latent size, on the device.
        """
        found = self._together() if self._request.text.watched else None
        return None if found is None else self._watched(found[1])

    def _watched(self, maps: Heatmaps) -> Tensor:
        size = self._base.latent_size(*self._request.picture.size)
        return maps.of(slice(len(self._request.text.words), None)).whole(size)

    def shown(self, x: Tensor) -> Tensor:
        """Of what is sampled, `[lanes x B, C, h, w]`, the request's own pictures `[B, C, h, w]`."""
        return x

    def placed(self, rgb: np.ndarray, number: int) -> np.ndarray:
        """Picture `number` of the batch, uint8 `[H, W, 3]`, after `shown` and decoding: with all that belongs to it."""
        return rgb

    def evidence(self, batch: int) -> list[tuple[tuple[float | None, ...], np.ndarray | None]]:
        """After the last step: for each picture of the batch, the words' obedience and the watched spans' heatmaps.

        Obedience is the share of a word's attention that lies in its paint, 0..1; the tuple is empty unless the request
        asks for it. Heatmaps are float32 `[watched, h, w]`, None if no span is watched.
        """
        request = self._request
        scored = request.report.obedience and bool(request.text.words)
        found = self._together() if scored or request.text.watched else None
        if found is None:
            return [((), None)] * batch
        # The network with most attention levels has the paint at every level that the others use.
        deepest, maps = found[0], found[1].on_host()
        shown = list(self._watched(maps).numpy()) if request.text.watched else [None] * batch
        scores = [tuple(row) for row in deepest.obedience(maps)] if scored else [()] * batch
        return list(zip(scores, shown, strict=True))

    def _together(self) -> tuple[Family, Heatmaps] | None:
        """The run's heatmaps added up, and the family whose paint covers all their levels; None if there are none."""
        from engine.attention.heatmaps import together

        maps = {family: kept for family in self._configs if (kept := family.heatmaps()) is not None}
        maps = {family: kept for family, kept in maps.items() if kept.levels}
        if not maps:
            return None
        return max(maps, key=lambda family: max(maps[family].levels, default=-1)), together(list(maps.values()))

    def relieve(self) -> str:
        """Make room after the device's memory ran out, see `engine.experts.relief`; the run begins again with the same
        paint, its heatmaps anew."""
        self.pause()
        for family in self._families.values():  # merged LoRA files hold the weights twice
            family.adapt((), "")
        self._relief = self._relief or Relief(self._library)
        return self._relief.next([self._base, *self._families.values()])

    def pause(self) -> None:
        """Let another run have the models; the next batch prepares them anew."""
        self._end()
        self._batch = 0

    def close(self) -> None:
        """Release everything that the run made; the models stay in memory."""
        if self._prefetcher is not None:
            self._prefetcher.close()
        self._end()

    def _end(self) -> None:
        for family, config in self._configs.items():
            if family.brief is config:
                family.end()
        for family in self._families.values():
            family.rest()
        self._configs.clear()
        self._regional.clear()
