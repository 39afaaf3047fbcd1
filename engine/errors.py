"""The typed errors of the engine: each says what went wrong and what to do next."""

from __future__ import annotations

from resources.errors import ExplainedError


class EngineError(ExplainedError):
    """Base of every error of the engine that a user may cause or meet."""


class BadRequest(EngineError):
    """A value of the request is out of its range (empty prompt, NaN strength, steps 0, size 7x9, ...)."""


class WordNotInPrompt(BadRequest):
    """A painted word's phrase or span is not in the prompt."""


class BadMask(BadRequest):
    """A mask is of another size, kind or value range than the picture needs."""


class BadReference(BadRequest):
    """A reference picture cannot be read, is too large, or its strength or area is out of range."""


class ModelNotFound(EngineError):
    """No model of that name is installed, or no folder or file is at that path."""


class ModelIncomplete(EngineError):
    """A model folder lacks a part, or a part is damaged."""


class UnsafeModel(EngineError):
    """Weights come as a pickle, or a model asks for code of its own; neither is ever run."""


class UnsupportedModel(EngineError):
    """The model is whole but of a family that Wordbrush does not know."""


class DeviceUnavailable(EngineError):
    """This machine does not have the requested device."""


class DeviceOutOfMemory(EngineError):
    """The device ran out of memory; the memory is freed and the next request can run."""


class NotFinite(EngineError):
    """A part of the model gave NaN or infinity, from which no picture can be made."""

    @classmethod
    def of(cls, part: str, *, hint: str = "", details: str = "") -> NotFinite:
        """Return the error for a part, named in words ("denoiser", "text encoder", "autoencoder")."""
        return cls(
            f"The model's {part} produced numbers that are not finite (NaN or infinity).",
            hint=hint or "Choose a lower guidance or paint weight, or another model.",
            details=details,
        )


class DownloadFailed(EngineError):
    """A model or a file could not be downloaded; what has arrived is kept if the download can be resumed."""


class FarmUnavailable(EngineError):
    """There is no farm where one was asked for: Ray is not installed, nobody answers, or no worker stays alive."""


class WorkerLost(EngineError):
    """Several workers of the farm ended while they made the same picture."""


class BadMessage(EngineError):
    """Bytes are neither a request nor an event, or a request or event cannot be serialised."""


class InternalError(EngineError):
    """A bug in Wordbrush: any exception that is none of the above."""
