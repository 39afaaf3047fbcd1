"""What a hub id or an address offers: which files, how large, under which licence; nothing of them is brought yet."""

from __future__ import annotations

import http.client
import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from engine.downloads import connection
from engine.downloads.connection import Stopped
from engine.downloads.receipt import check_name
from engine.downloads.tokenizers import FOLDER, SOURCES
from engine.downloads.transfer import RemoteFile, raise_for
from engine.errors import DownloadFailed, UnsafeModel
from engine.weights.files import PICKLES, VARIANTS, WEIGHTS
from resources.sizes import size_text

HUB = "https://huggingface.co"
GGUF = ".gguf"
_SIDE = (".json", ".txt", ".model", ".md", ".jinja")
_LARGEST_SIDE = 64 << 20
"""Bytes of a config, vocabulary or text."""
_LARGEST_ANSWER = 32 << 20
_MOST_FILES = 2000
_REPOSITORY = re.compile(r"(?P<id>[\w.-]+/[\w.-]+)(@(?P<revision>[\w./-]+))?(:(?P<file>.+))?")
_TRIES = 3


@dataclass(frozen=True)
class Offer:
    """What would be downloaded.

    Attributes:
        name: what the model will be called. source: what was asked for. revision: the hub's commit, "" of an address.
        licence: as the source names it, "" where it names none. page: where to read it.
        files: all of it. is_folder: whether it becomes a folder.
        gated: whether the terms must be accepted on its page first.
        beside: the folder beside the models folder that it goes into, "" for the models folder itself.
    """

    name: str
    source: str
    files: tuple[RemoteFile, ...]
    revision: str = ""
    licence: str = ""
    page: str = ""
    is_folder: bool = True
    gated: bool = False
    beside: str = ""

    @property
    def size(self) -> int | None:
        """Bytes of all files; None where the server does not say."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)


def endpoint() -> str:
    """Where the Hub is: `HF_ENDPOINT`, else huggingface.co."""
    return (os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")


def token() -> str | None:
    """The user's own token for gated models, from the environment (`HF_TOKEN`); None for none."""
    return os.environ.get("HF_TOKEN") or None


def look_up(source: str, *, cancel: threading.Event, variant: str | None = "fp16", timeout: float = 30.0) -> Offer:
    """Ask what there is for `ORG/NAME[@REVISION][:FILE]`, for a page of the Hub, for a file's address, or for
    `tokenizer:KIND`, see `engine.downloads.tokenizers`.

    Args:
        variant: which of several number formats of a repository is taken, where it has that one.

    Raises:
        DownloadFailed: there is nothing, or nobody answers. UnsafeModel: it is only there as a pickle.
        Stopped: `cancel` was set.
    """
    source = source.strip()
    base = endpoint()
    if source.startswith("tokenizer:"):
        return _tokenizer(source.removeprefix("tokenizer:"), cancel, timeout)
    if source.startswith(("http://", "https://")):
        connection.check_address(source)
        if urlsplit(source).netloc != urlsplit(base).netloc:
            return _address(source, cancel, timeout)
        asked = _of_page(source)
    else:
        match = _REPOSITORY.fullmatch(source)
        if match is None or {".", ".."} & set(match["id"].split("/")):
            raise DownloadFailed(
                f'"{source[:200]}" is neither a model of the Hub nor an address.',
                hint="Give ORG/NAME as on the Hub, ORG/NAME:FILE for one file of it, or an https address.",
            )
        asked = match["id"], match["revision"] or "main", match["file"] or ""
    return _repository(base, source, *asked, cancel=cancel, variant=variant, timeout=timeout)


def _tokenizer(kind: str, cancel: threading.Event, timeout: float) -> Offer:
    """The small files of a tokenizer, which become a folder of the kind's name."""
    if kind not in SOURCES:
        known = ", ".join(f"tokenizer:{each}" for each in SOURCES)
        raise DownloadFailed(f'There is no tokenizer "{kind[:40]}".', hint=f"There are: {known}.")
    (name, wanted), base = SOURCES[kind], endpoint()
    commit, siblings, answer = _siblings(base, name, "main", cancel, timeout)
    files = [path for path in wanted if path in siblings and _may_come(path, siblings[path])]
    if files != list(wanted):
        raise DownloadFailed(f'There is no "{wanted[0]}" in {name}.', hint=_names(list(siblings)))
    try:
        remote = [_remote(_url(base, name, commit, path), path, siblings[path]) for path in files]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _nonsense(base, repr(error)) from error
    return Offer(
        name=kind,
        source=name,
        files=tuple(remote),
        revision=commit,
        licence=_licence(answer),
        page=f"{base}/{name}",
        gated=answer.get("gated") not in (None, False),
        beside=FOLDER,
    )


def describe(offer: Offer, missing: int | None) -> str:
    """What a download is, before it begins: name, files, size, licence, and where to read more."""
    size = "an unknown size" if offer.size is None else size_text(offer.size)
    left = f" ({size_text(missing)} of it still to come)" if missing is not None and missing != offer.size else ""
    files = f"{len(offer.files)} files" if len(offer.files) > 1 else "one file"
    licence = offer.licence or "not stated; read its page before you use it"
    gated = " Its terms must be accepted on that page first." if offer.gated else ""
    return f"{offer.name}: {files}, {size}{left}. Licence: {licence}. Page: {offer.page}.{gated}"


def _of_page(url: str) -> tuple[str, str, str]:
    parts = [unquote(part) for part in urlsplit(url).path.split("/") if part]
    if len(parts) < 2 or parts[0] in ("datasets", "spaces", "api"):
        raise DownloadFailed(
            f'"{url[:200]}" is not the page of a model.', hint="Give the address of a model's own page."
        )
    if len(parts) > 4 and parts[2] in ("blob", "resolve"):
        return "/".join(parts[:2]), parts[3], "/".join(parts[4:])
    revision = parts[3] if len(parts) > 3 and parts[2] == "tree" else "main"
    return "/".join(parts[:2]), revision, ""


def _repository(
    base: str, source: str, name: str, revision: str, file: str, *, cancel: threading.Event, variant: str | None,
    timeout: float,
) -> Offer:  # fmt: skip
    commit, siblings, answer = _siblings(base, name, revision, cancel, timeout)
    try:
        files = [
            _remote(_url(base, name, commit, path), path, siblings[path])
            for path in ([file] if file else _choose(list(siblings), name, variant))
            if _may_come(path, siblings[path])
        ]
    except KeyError as error:
        if file and error.args == (file,):
            raise DownloadFailed(f'There is no "{file}" in {name}.', hint=_names(list(siblings))) from None
        raise _nonsense(base, repr(error)) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise _nonsense(base, repr(error)) from error
    if file:
        _refuse_pickle(file)
    if not any(_is_weights(each.name) for each in files):
        pickles = [path for path in siblings if path.lower().endswith(PICKLES)]
        if pickles:
            _refuse_pickle(pickles[0])
        raise DownloadFailed(f"There are no weights in {name}.", hint="Name another model.")
    single = len(files) == 1
    if single:  # a file in the models folder goes by its own name
        only = files[0]
        files = [RemoteFile(PurePosixPath(only.name).name, only.url, only.size, only.sha256, only.git_sha1)]
    return Offer(
        name=PurePosixPath(files[0].name).name if single else name.rpartition("/")[2],
        source=source,
        files=tuple(files),
        revision=commit,
        licence=_licence(answer),
        page=f"{base}/{name}",
        is_folder=not single,
        gated=answer.get("gated") not in (None, False),
    )


def _siblings(
    base: str, name: str, revision: str, cancel: threading.Event, timeout: float
) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """The commit of a repository, what it says of each of its files, and the whole answer."""
    address = f"{base}/api/models/{quote(name)}/revision/{quote(revision, safe='')}?blobs=true"
    answer = _ask(address, name, cancel, timeout)
    try:
        commit = str(answer["sha"])
        siblings = {str(each["rfilename"]): each for each in answer["siblings"][:_MOST_FILES]}
        if not re.fullmatch(r"[0-9a-f]{40}", commit):
            raise ValueError("no commit")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _nonsense(base, repr(error)) from error
    return commit, siblings, answer


def _url(base: str, name: str, commit: str, path: str) -> str:
    return f"{base}/{quote(name)}/resolve/{commit}/{quote(path)}"


def _licence(answer: Mapping[str, Any]) -> str:
    card = answer.get("cardData") or {}
    return str(card.get("license_name") or card.get("license") or "")[:80] if isinstance(card, Mapping) else ""


def _remote(url: str, path: str, entry: Mapping[str, Any]) -> RemoteFile:
    check_name(path)
    large = entry.get("lfs") or {}
    size = large.get("size", entry.get("size"))
    digest = str(large.get("sha256", ""))
    git = "" if digest else str(entry.get("blobId", ""))
    if size is not None and (not isinstance(size, int) or size < 0):
        raise ValueError(f"a size of {size!r}")
    return RemoteFile(path, url, size, digest.lower(), git.lower())


def _may_come(path: str, entry: Mapping[str, Any]) -> bool:
    """Whether a file is of a kind that a model is made of, and not absurdly large for it; no code, no pickles."""
    if _is_weights(path):
        return True
    name = PurePosixPath(path).name
    size = entry.get("size")
    plain = path.lower().endswith(_SIDE) or name.upper().startswith(("LICENSE", "LICENCE", "NOTICE"))
    return plain and not (isinstance(size, int) and size > _LARGEST_SIDE)


def _choose(paths: Sequence[str], name: str, variant: str | None) -> list[str]:
    """The files of a repository that make one model: a folder's parts in one number format, or its only file.

    Raises:
        DownloadFailed: there are several; the hint names them.
    """
    if "model_index.json" not in paths:
        weights = [path for path in paths if "/" not in path and _is_weights(path)]
        if len(weights) == 1:
            return weights
        nested = weights or [path for path in paths if _is_weights(path)]
        if len(nested) == 1:
            return nested
        if not nested:
            return []
        raise DownloadFailed(
            f"There are {len(nested)} weights files in {name}, and no list of a model's parts.",
            hint=f"Say which: {name}:{nested[0]}. {_names(nested)}",
        )
    chosen = []
    folders: dict[str, list[str]] = {}
    for path in paths:
        if _is_weights(path) or (path.endswith(".json") and ".index" in path):
            folders.setdefault(path.rpartition("/")[0], []).append(path)
        else:
            chosen.append(path)
    for folder, files in folders.items():
        if folder:  # beside the list of parts lie whole models in another layout
            chosen += _one_format(files, variant)
    return chosen


def _one_format(files: Sequence[str], variant: str | None) -> list[str]:
    """Of the weights of one part those in one number format."""
    found: dict[str | None, list[str]] = {}
    for file in files:
        name = PurePosixPath(file).name
        kind = next(
            (each for each in sorted(VARIANTS, key=lambda v: -len(v or "")) if each and f".{each}." in name), None
        )
        kind = kind or next((each for each in VARIANTS if each and name.endswith(f".index.{each}.json")), None)
        if "flax" not in name and "openvino" not in name and not name.endswith(GGUF):
            found.setdefault(kind, []).append(file)
    order = [variant, *VARIANTS]
    return next((found[kind] for kind in order if any(map(_is_weights, found.get(kind, ())))), [])


def _address(url: str, cancel: threading.Event, timeout: float) -> Offer:
    """A file at an address: its name, size and checksum by its headers."""
    for attempt in range(_TRIES):
        try:
            with connection.get(url, headers={"Range": "bytes=0-0"}, cancel=cancel, timeout=timeout) as response:
                name = _file_name(url, response.headers)
                if response.status not in (200, 206):
                    raise_for(response.status, RemoteFile(name or "the file", url), response)
                total = response.headers.get("Content-Range", "").rpartition("/")[2]
                length = response.headers.get("Content-Length", "") if response.status == 200 else total
                etag = (response.headers.get("X-Linked-Etag") or response.headers.get("ETag") or "").strip('"')
                kind = response.headers.get_content_type()
                break
        except (OSError, http.client.HTTPException) as error:
            _again(attempt, error, urlsplit(url).netloc, cancel)
    _refuse_pickle(name)
    if not _is_weights(name):
        page = " It is a page to read." if kind == "text/html" else ""
        raise DownloadFailed(
            f'"{name or url[:200]}" is not a model file.' + page,
            hint="Give the address of a .safetensors or .gguf file.",
        )
    try:
        check_name(name)
    except ValueError as error:
        raise _nonsense(urlsplit(url).netloc, str(error)) from error
    size = int(length) if length.isdigit() else None
    digest = etag.lower() if re.fullmatch(r"[0-9a-fA-F]{64}", etag) else ""
    return Offer(name=name, source=url, files=(RemoteFile(name, url, size, digest),), page=url, is_folder=False)


def _file_name(url: str, headers: Message) -> str:
    said = PurePosixPath((headers.get_filename() or "").replace("\\", "/")).name
    return said or PurePosixPath(unquote(urlsplit(url).path)).name


def _ask(url: str, name: str, cancel: threading.Event, timeout: float) -> dict[str, Any]:
    """The JSON object at an address of the Hub."""
    for attempt in range(_TRIES):
        try:
            with connection.get(url, token=token(), cancel=cancel, timeout=timeout) as response:
                if response.status != 200:
                    raise_for(response.status, RemoteFile(f'model "{name}"', url), response)
                data = response.read(_LARGEST_ANSWER + 1)
            break
        except (OSError, http.client.HTTPException) as error:
            _again(attempt, error, urlsplit(url).netloc, cancel)
    try:
        answer = json.loads(data[:_LARGEST_ANSWER])
    except (ValueError, RecursionError) as error:
        raise _nonsense(urlsplit(url).netloc, str(error)) from error
    if not isinstance(answer, dict):
        raise _nonsense(urlsplit(url).netloc, "no object")
    return answer


def _again(attempt: int, error: Exception, host: str, cancel: threading.Event) -> None:
    """Wait before the next try. Raises DownloadFailed where there is none, Stopped where it is not wanted."""
    if attempt + 1 >= _TRIES:
        raise DownloadFailed(
            f"{host} cannot be reached.", hint="Check your network, or try again later.", details=repr(error)
        ) from error
    if cancel.wait(0.2 * 2**attempt):
        raise Stopped from error


def _is_weights(path: str) -> bool:
    return path.lower().endswith((*WEIGHTS, GGUF))


def _refuse_pickle(path: str) -> None:
    if path.lower().endswith(PICKLES):
        raise UnsafeModel(
            f'"{PurePosixPath(path).name}" is a pickle, which could run any code, so it is not downloaded.',
            hint="Look for the model as .safetensors; most model pages offer both.",
        )


def _names(paths: Sequence[str]) -> str:
    shown = [path for path in paths if _is_weights(path)] or list(paths)
    names = ", ".join(shown[:8])
    return f"It has: {names} and {len(shown) - 8} more." if len(shown) > 8 else f"It has: {names}."


def _nonsense(host: str, details: str) -> DownloadFailed:
    return DownloadFailed(
        f"The answer from {host} makes no sense.", hint="Check HF_ENDPOINT, or try again later.", details=details
    )
