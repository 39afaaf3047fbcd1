"""The licences of everything inside a bundle: which distributions its files come from, and the text of each."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import sysconfig
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

LIST = "contents.txt"  # one line per part, shown by About; the texts lie beside it
OWN = "wordbrush"  # its licence ships with the resources
_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors|copyright|third.?party)", re.IGNORECASE)
_NO_TEXT = (".py", ".pyc", ".pyi", ".so", ".dll", ".json", ".h", ".hpp", ".svg", ".png")


class Part(NamedTuple):
    """Something inside the bundle that others made: its name, version, licence in a few words, and the whole text."""

    name: str
    version: str
    licence: str
    text: str


class UnknownLicence(Exception):
    """Something goes into the bundle that says nowhere under which licence it may be passed on."""


def write(folder: Path, sources: Iterable[str]) -> list[Path]:
    """Write the licences of what `sources` (files on this machine) come from into `folder`; returns the files written.

    Raises UnknownLicence where a distribution or a system library names none.
    """
    found = parts(sources)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.txt"):
        old.unlink()
    written = []
    for part in found:
        path = folder / f"{part.name}-{part.version}.txt".replace("/", "_").replace(":", "_")
        path.write_text(f"{part.name} {part.version}\nLicence: {part.licence}\n\n{part.text}\n", encoding="utf-8")
        written.append(path)
    lines = [f"{part.name} {part.version}: {part.licence}" for part in found]
    (folder / LIST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [*written, folder / LIST]


def parts(sources: Iterable[str]) -> list[Part]:
    """What the files come from, by name: Python itself, its distributions, and (on Debian) libraries of the system."""
    files = {Path(source).resolve() for source in sources if source and Path(source).is_file()}
    found = {"Python": _python()}
    for distribution in importlib.metadata.distributions():
        top = Path(str(distribution.locate_file(""))).resolve()
        held = {Path(os.path.normpath(top / file)) for file in distribution.files or ()}
        content = (file for file in held if not any(place.endswith(".dist-info") for place in file.parts))
        if any(file in files for file in content) and distribution.metadata["Name"].lower() != OWN:
            part = of_distribution(distribution)
            found[part.name] = part
        files -= held
    for part in _of_system(file for file in files if _is_of_system(file)):
        found.setdefault(part.name, part)
    return sorted(found.values(), key=lambda part: part.name.lower())


def of_distribution(distribution: importlib.metadata.Distribution) -> Part:
    """Licence and texts of one distribution. Raises UnknownLicence where it has neither."""
    about = distribution.metadata
    texts = []
    for file in sorted(distribution.files or (), key=str):
        path = Path(str(distribution.locate_file(file)))
        if _TEXT.search(file.name) and not file.name.endswith(_NO_TEXT) and path.is_file():
            texts.append(f"--- {file}\n\n{path.read_text(encoding='utf-8', errors='replace').strip()}\n")
    classifiers = [
        line.rpartition("::")[2].strip() for line in about.get_all("Classifier") or () if "License ::" in line
    ]
    stated = (about.get("License-Expression") or about.get("License") or "").strip().splitlines()
    licence = (stated[0][:100] if stated else "") or ", ".join(classifiers) or ("see its text" if texts else "")
    if not licence:
        raise UnknownLicence(f"{about['Name']} {about['Version']} names no licence; leave it out, or ask its authors.")
    text = "\n".join(texts) or standard_text(licence)
    if not text:
        raise UnknownLicence(f"{about['Name']} {about['Version']} is under {licence}, but carries no text of it.")
    return Part(about["Name"], about["Version"], licence, text)


def standard_text(licence: str) -> str:
    """The text of a licence that a distribution names without carrying it; "" for one that has no standard text.

    The GNU texts are Debian's copies, elsewhere those of gnu.org. Raises UnknownLicence where neither is to be had.
    """
    if "LGPL-3.0" in licence:  # it is written as additions to the GPL
        return "\n\n".join(_gnu_text(name) for name in ("LGPL-3", "GPL-3"))
    if licence.startswith("Apache"):
        return (Path(__file__).parents[2] / "resources" / "licences" / "Apache-2.0.txt").read_text(encoding="utf-8")
    return ""


def _gnu_text(name: str) -> str:
    here, there = Path("/usr/share/common-licenses") / name, f"https://www.gnu.org/licenses/{name.lower()}.0.txt"
    if here.is_file():
        return here.read_text(encoding="utf-8")
    try:
        with urllib.request.urlopen(there, timeout=60) as answer:
            text = str(answer.read().decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnknownLicence(f"the text of {name} did not come from {there}: {error}") from error
    if "GENERAL PUBLIC LICENSE" not in text[:200] or "Version 3, 29 June 2007" not in text[:400]:
        raise UnknownLicence(f"{there} does not hold the text of {name}.")
    return text


def _python() -> Part:
    text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    known = [text, Path(sys.base_prefix) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE"]
    found = next((path.read_text(encoding="utf-8") for path in known if path.is_file()), None)
    version = ".".join(str(number) for number in sys.version_info[:3])
    return Part("Python", version, "PSF-2.0", found or f"https://docs.python.org/{version[:4]}/license.html")


def _is_of_system(file: Path) -> bool:
    """Whether the file is a library of the system: a shared object outside Python's own folders."""
    own = (Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve() / "lib" / "python3")
    return ".so" in file.name and not any(str(file).startswith(str(folder)) for folder in own)


def _of_system(files: Iterable[Path]) -> list[Part]:
    """The Debian packages of shared libraries, with the copyright file of each; on other systems there are none."""
    found = {}
    for file in files:
        package = _debian_package(file)
        if package is None:
            continue
        name, _, version = package.partition(" ")
        path = Path("/usr/share/doc") / name / "copyright"
        if not path.is_file():
            raise UnknownLicence(f"{file} is of the package {name}, which has no copyright file in /usr/share/doc.")
        text = path.read_text(encoding="utf-8", errors="replace")
        licences = sorted(set(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE)))
        found[name] = Part(name, version, ", ".join(licences)[:200] or "see its text", text)
    return list(found.values())


def _debian_package(file: Path) -> str | None:
    """`name version` of the package a file belongs to; None for one that no package owns (Python built by hand)."""
    for name in (str(file), str(file).removeprefix("/usr")):
        try:
            done = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        except OSError:
            return None
        if done.returncode == 0:
            package = done.stdout.partition(": ")[0].partition(",")[0]
            ask = ["dpkg-query", "-W", "-f", "${binary:Package} ${Version}", package]
            name, _, version = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.partition(" ")
            return f"{name.partition(':')[0]} {version}"
    return None
