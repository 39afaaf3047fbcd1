"""Values checked by their annotations: what is out of range is refused in a plain sentence that names the range."""

from __future__ import annotations

import dataclasses
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from resources.limits import PRINTABLE, metas

T = TypeVar("T")
_PLACE = re.compile(r" - at `\$(?P<place>[^`]*)`\Z")
_TITLES = ("phrase", "name")
"""Keys whose text says which of several things a value belongs to."""

_SHOWN = 60
_lock = threading.Lock()
_known: set[Any] = set()


class Refused(ValueError):
    """A value cannot be what it is; callers make a typed error of it.

    Attributes:
        message: which value, in a sentence. hint: what it may be.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def convert(value: Any, kind: Any, *, dec_hook: Callable[[type, Any], Any] | None = None) -> Any:
    """`msgspec.convert`, which several threads may call.

    Of a type that it meets for the first time, msgspec (0.22) shows other threads what it has found out by then, and a
    thread that converts to it meanwhile crashes the process. So each type is found out about under a lock, once.

    Raises:
        msgspec.ValidationError: the value is of another type or out of its range.
    """
    if kind not in _known:
        with _lock:
            msgspec.msgpack.Decoder(kind)
            _known.add(kind)
    return msgspec.convert(value, kind, dec_hook=dec_hook)


def check(value: object, kind: Any, subject: str, *, advice: str = "") -> None:
    """Makes sure that `value` is of the annotation `kind`, such as those of `resources.limits`.

    Args:
        subject: what a sentence calls it: "The width".
        advice: what it may be, where the limits do not say that well enough.

    Raises:
        Refused: it is not.
    """
    if not fits(value, kind):
        raise Refused(f"{subject} cannot be {shown(value)}.", advice or allowed(kind))


def fits(value: object, kind: Any) -> bool:
    """Whether `value` is of the annotation `kind`, and of the very types in it: a list is no tuple, True no number."""
    # A number of numpy's is as good as Python's, but msgspec takes it for something else.
    plain = float(value) if isinstance(value, float) else value
    try:
        same = bool(convert(plain, kind) == plain)
    except (msgspec.ValidationError, UnicodeEncodeError):  # a lone surrogate is no text
        return False
    return same and not (_is_printable(kind) and isinstance(value, str) and not value.isprintable())


class Shape:
    """Annotations of several fields, checked together: many times faster than one by one, but without a reason.

    Args:
        name: what it is called in tracebacks. kinds: the annotations by field.
    """

    def __init__(self, name: str, kinds: Mapping[str, Any]) -> None:
        self._names = tuple(kinds)
        self._printable = tuple(field for field, kind in kinds.items() if _is_printable(kind))
        self._struct: Any = msgspec.defstruct(name, list(kinds.items()), kw_only=True)

    def fits(self, value: object) -> bool:
        """Whether the fields of an object are surely of their annotations; where not, `fits` says so of each."""
        given = {name: getattr(value, name) for name in self._names}
        try:
            made = convert(given, self._struct)
        except (msgspec.ValidationError, UnicodeEncodeError):  # a lone surrogate is no text
            return False
        same = all(getattr(made, name) == each for name, each in given.items())
        return same and all(given[name].isprintable() for name in self._printable if isinstance(given[name], str))


@cache
def _shape_of(kind: type) -> Shape:
    return Shape(kind.__name__, fields_of(kind))


def check_fields(value: Any, subjects: Mapping[str, str], advice: Mapping[str, str]) -> None:
    """Makes sure that every field of a dataclass object is of its annotation.

    Args:
        subjects: what sentences call a field, by default its name. advice: as for `check`.

    Raises:
        Refused: one is not.
    """
    owner: Any = type(value)
    if _shape_of(owner).fits(value):
        return
    for name, kind in fields_of(owner).items():
        check(getattr(value, name), kind, subjects.get(name, f"The {name}"), advice=advice.get(name, ""))


def read(value: Any, kind: type[T], subjects: Mapping[str, tuple[str, str]]) -> T:
    """An object of the dataclass or struct `kind` from JSON values that nobody vouches for; unknown keys are left out.

    Args:
        subjects: what sentences call a key, and what its value may be ("" where nothing more is to be said).

    Raises:
        Refused: a value is of another type or out of its range.
    """
    try:
        return convert(value, kind)
    except UnicodeEncodeError as error:
        raise Refused("One of its texts holds half a character.", "Write it again.") from error
    except msgspec.ValidationError as error:
        place = match["place"] if (match := _PLACE.search(str(error))) else ""
        keys = [key for key in re.split(r"[.\[\]]+", place) if key]
        found, owner = value, ""
        for key in keys:
            if isinstance(found, dict) and found is not value:
                owner = next((text for name in _TITLES if isinstance(text := found.get(name), str) and text), owner)
            found = found[int(key) if isinstance(found, list) else key]
        named = [key for key in keys if not key.isdecimal()]
        subject, advice = subjects.get(named[-1] if named else "", ("", ""))
        if not subject and owner and named:
            subject = f"The {named[-1]} of “{owner[:_SHOWN]}”"
        if not subject:
            subject = f"Its “{'.'.join(keys)}”" if keys else "It"
        raise Refused(f"{subject} cannot be {shown(found)}.", advice) from error


@cache
def fields_of(kind: type) -> dict[str, Any]:
    """The annotations of a dataclass, those of the classes it comes from included, by field."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def nested(value: object) -> Iterator[Any]:
    """The dataclass objects in a value: itself, or those in a tuple."""
    if value is None or isinstance(value, int | float | str):
        return iter(())
    parts: Sequence[object] = value if isinstance(value, tuple) else (value,)
    return (part for part in parts if dataclasses.is_dataclass(part) and not isinstance(part, type))


def allowed(kind: Any) -> str:
    """What values an annotation lets pass, in a sentence."""
    limits = next(iter(metas(kind)), msgspec.Meta())
    if limits.ge is not None and limits.le is not None:
        what = "a whole number" if isinstance(limits.ge, int) else "a number"
        return f"Give {what} from {_number(limits.ge)} to {_number(limits.le)}."
    if limits.max_length is not None:
        return f"Give text of at most {limits.max_length} characters."
    return "Give another value."


def shown(value: object) -> str:
    """A value as a sentence shows it; long ones are cut."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no whole number of more than some thousand digits
        return "a number of thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _number(value: float) -> str:
    return "2^63-1" if value == 2**63 - 1 else f"{value:g}" if isinstance(value, float) else str(value)


@cache
def _is_printable(kind: Any) -> bool:
    if get_origin(kind) is Annotated:
        return PRINTABLE in kind.__metadata__ or _is_printable(kind.__origin__)
    return any(_is_printable(part) for part in get_args(kind))
