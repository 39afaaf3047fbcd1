"""A request's own hash: two requests with the same one make the same picture on the same device and versions."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.protocol.request import GenerateRequest

_APART = frozenset({"id", "revision", "previews", "live"})
"""Fields that no picture depends on: names of requests and of masks, and what is reported on the way."""


def digest(request: GenerateRequest) -> str:
    """The SHA-256 of what the request's pictures depend on, in 64 hexadecimal digits.

    Fields that have their defaults are left out, so that a field that a later version adds changes no hash of requests
    that do not use it. Arrays count by type, shape and bytes; -0.0 and 0.0 differ, as do 1 and 1.0.
    """
    hasher = hashlib.sha256()
    _add(hasher, request)
    return hasher.hexdigest()


def _add(hasher: Any, value: object) -> None:
    """Feed a value with its kind and length before it, so that no two values give the same bytes."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [each for each in dataclasses.fields(value) if each.name not in _APART]
        said = [(each.name, getattr(value, each.name)) for each in fields if not _is_default(value, each)]
        _head(hasher, "fields", len(said))
        for name, each in said:
            _add(hasher, name)
            _add(hasher, each)
    elif isinstance(value, np.ndarray):
        _head(hasher, f"array {value.dtype.str} {value.shape}", value.nbytes)
        hasher.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, Mapping):
        _head(hasher, "mapping", len(value))
        for name in sorted(value):
            _add(hasher, name)
            _add(hasher, value[name])
    elif isinstance(value, list | tuple):
        _head(hasher, "list", len(value))
        for each in value:
            _add(hasher, each)
    else:
        plain = value.item() if isinstance(value, np.generic) else value
        data = plain.encode("utf-8", "surrogatepass") if isinstance(plain, str) else repr(plain).encode()
        _head(hasher, type(plain).__name__, len(data))
        hasher.update(data)


def _head(hasher: Any, kind: str, length: int) -> None:
    hasher.update(f"{kind}:{length}\n".encode())


def _is_default(owner: object, field: dataclasses.Field[Any]) -> bool:
    value = getattr(owner, field.name)
    if isinstance(value, np.ndarray):
        return False
    if field.default is not dataclasses.MISSING:
        return type(value) is type(field.default) and repr(value) == repr(field.default)
    if field.default_factory is not dataclasses.MISSING and dataclasses.is_dataclass(value):
        return all(_is_default(value, each) for each in dataclasses.fields(value) if each.name not in _APART)
    return False
