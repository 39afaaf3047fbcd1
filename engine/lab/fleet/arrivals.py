"""Who asks when: a day of painters' requests, drawn from a stated law."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

DAY = 86400.0
LIVE = 0
"""The kind of quick pictures under the brush; the others are the models of `Law.mix`, from 1 on."""


@dataclass(frozen=True)
class Model:
    """What a picture takes on one GPU: `steps` of `step_seconds`, and `around` for text, decoding and files; seconds.

    `share`: of the painters' sessions, 0..1.
    """

    name: str
    share: float
    steps: int
    step_seconds: float
    around: float

    @property
    def seconds(self) -> float:
        """One picture alone on a GPU."""
        return self.steps * self.step_seconds + self.around


# A100-80G, fp16, torch's own attention, uncompiled: the published times of SD 1.5 and SDXL (31.4 and 8.43 steps a
# second); Flux is that of an RTX 5090 in bfloat16 (4.53), for want of a better figure. `around` is a guess.
MIX = (
    Model("SD 1.5, 512x512", 0.25, 25, 1 / 31.4, 0.10),
    Model("SDXL, 1024x1024", 0.55, 30, 1 / 8.43, 0.25),
    Model("Flux.1 dev, 1024x1024", 0.20, 28, 1 / 4.53, 0.40),
)
LIVE_MODEL = Model("live: SD 1.5, 512x512, 4 steps", 0.0, 4, 1 / 31.4, 0.05)
# The share of sessions that begin in each hour: an evening's hobby, and some who work with it by day.
CURVE = (2, 1, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 5, 6, 6, 6, 6, 7, 8, 8, 7, 5, 3)


@dataclass(frozen=True)
class Law:
    """How painters work. All of it is assumed; `wordbrush lab scale` says what each assumption carries.

    Attributes:
        sessions: of a painter in a day, mean; each has at least one.
        session_minutes: the median of a session's length, which is lognormal with `spread`, at most four hours.
        think_seconds: from one asked picture to the next, mean of a Poisson process.
        several: the share of requests for four pictures at once.
        live_share: the share of requests that are live ones; they come in bursts of `burst` strokes on average.
        stroke_seconds: from one stroke of a burst to the next, mean.
        curve: weights of the hours in which sessions begin.
        mix: the models; each session stays with one.
    """

    sessions: float = 1.3
    session_minutes: float = 20.0
    spread: float = 0.8
    think_seconds: float = 60.0
    several: float = 0.1
    live_share: float = 0.6
    burst: float = 12.0
    stroke_seconds: float = 2.0
    curve: tuple[float, ...] = CURVE
    mix: tuple[Model, ...] = MIX
    live: Model = field(default=LIVE_MODEL)


@dataclass(frozen=True, eq=False)
class Requests:
    """Requests in the order of their times.

    Attributes:
        times: float64 `[n]`, seconds since midnight. kinds: int64 `[n]`, `LIVE` or a model's number from 1 on.
        work: float64 `[n]`, seconds on one GPU alone. painters: int64 `[n]`. pictures: int64 `[n]`.
    """

    times: np.ndarray
    kinds: np.ndarray
    work: np.ndarray
    painters: np.ndarray
    pictures: np.ndarray

    def __len__(self) -> int:
        return len(self.times)

    def between(self, begin: float, end: float) -> Requests:
        """Those of a part of the day, in seconds since midnight."""
        chosen = (self.times >= begin) & (self.times < end)
        return Requests(*(each[chosen] for each in (self.times, self.kinds, self.work, self.painters, self.pictures)))


def draw(painters: int, law: Law, *, seed: int = 0) -> Requests:
    """A day of so many painters. Sessions that last past midnight go on in the first hours, as yesterday's did."""
    rng = np.random.default_rng(seed)
    sessions = np.repeat(np.arange(painters), 1 + rng.poisson(max(law.sessions - 1, 0), painters))
    count = len(sessions)
    weights = np.asarray(law.curve, float)
    hours = rng.choice(len(weights), count, p=weights / weights.sum())
    begins = (hours + rng.random(count)) * DAY / len(weights)
    lengths = np.minimum(law.session_minutes * 60 * np.exp(law.spread * rng.standard_normal(count)), 4 * 3600)
    shares = np.asarray([model.share for model in law.mix])
    models = 1 + rng.choice(len(law.mix), count, p=shares / shares.sum())

    asked = np.repeat(np.arange(count), rng.poisson(lengths / law.think_seconds))
    times = begins[asked] + rng.random(len(asked)) * lengths[asked]
    pictures = np.where(rng.random(len(asked)) < law.several, 4, 1)
    seconds = np.asarray([0.0, *(model.seconds for model in law.mix)])
    kinds = models[asked]

    ratio = law.live_share / (1 - law.live_share)
    bursts = np.repeat(np.arange(count), rng.poisson(lengths / law.think_seconds * ratio / law.burst))
    strokes = rng.geometric(1 / law.burst, len(bursts))
    owners = np.repeat(np.arange(len(bursts)), strokes)
    gaps = rng.exponential(law.stroke_seconds, len(owners))
    passed = np.cumsum(gaps)
    firsts = np.cumsum(strokes) - strokes
    passed -= np.repeat(passed[firsts] if len(firsts) else passed, strokes)
    began = begins[bursts] + rng.random(len(bursts)) * lengths[bursts]
    live_times = began[owners] + passed

    whole = np.concatenate([times, live_times]) % DAY
    order = np.argsort(whole, kind="stable")
    live = len(live_times)
    return Requests(
        times=whole[order],
        kinds=np.concatenate([kinds, np.full(live, LIVE)])[order],
        work=np.concatenate([seconds[kinds] * pictures, np.full(live, law.live.seconds)])[order],
        painters=np.concatenate([sessions[asked], sessions[bursts][owners]])[order],
        pictures=np.concatenate([pictures, np.ones(live, np.int64)])[order],
    )
