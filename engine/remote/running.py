"""A request on its way through another machine: what has come of it, and what is left if it has to begin again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.protocol import Event, Finished, GenerateRequest, ImageReady, Preview, Started, Step

TRIES = 3
"""How often a server may end over a request before it has made the next picture of it."""


@dataclass(eq=False)
class Running:
    """A request whose final event has not come.

    Attributes:
        images: what has arrived. first: how many had when it was submitted last, which its events do not count.
        submitted: whether it was ever given to the server. tries: how many servers have begun the next picture of it.
    """

    request: GenerateRequest
    images: list[ImageReady] = field(default_factory=list)
    first: int = 0
    submitted: bool = False
    tries: int = 0
    cancelled: bool = False
    started: Started | None = None
    step_ms: list[float] = field(default_factory=list)

    def rest(self) -> GenerateRequest | None:
        """Return what is still to be made: picture i has seed + i, whoever made those before. None for nothing."""
        picture, done = self.request.picture, len(self.images)
        self.first = done
        if not done:
            return self.request
        if done >= picture.count:
            return None
        return self.request.replace(seed=picture.seed + done, count=picture.count - done)

    def take(self, event: Event) -> Event:
        """Note an event; returns it as one of the whole request."""
        if isinstance(event, Started):
            event = replace(event, count=self.request.picture.count)
            self.started = event
            self.tries += 1
        elif isinstance(event, Step):
            self.step_ms.append(event.step_ms)
            event = replace(event, image=event.image + self.first)
        elif isinstance(event, Preview):
            event = replace(event, image=event.image + self.first)
        elif isinstance(event, ImageReady):
            event = replace(event, image=event.image + self.first)
            self.images.append(event)
            self.tries = 0
        elif isinstance(event, Finished):
            event = replace(event, images=tuple(self.images))
        return event

    def finished(self) -> Finished:
        """Return the final event of one whose pictures are all here, where the server's own was lost with it."""
        started = self.started
        mean = sum(self.step_ms) / len(self.step_ms) if self.step_ms else 0.0
        return Finished(
            request_id=self.request.id, images=tuple(self.images), seconds=sum(self.step_ms) / 1000, step_ms=mean,
            model=started.model if started else self.request.model, device=started.device if started else "",
        )  # fmt: skip
