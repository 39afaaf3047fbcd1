"""An AppImage without other people's scripts: an AppDir around the bundle, packed by mksquashfs behind a runtime."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from pathlib import Path

ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_MAGIC = b"AI\x02"  # of a type 2 AppImage, at byte 8 of its ELF header
_SQUASHFS = b"hsqs"

_APPRUN = """#!/bin/sh
# Starts the bundle from wherever the AppImage is mounted or unpacked.
here=$(dirname "$(readlink -f "$0")")
exec "$here/usr/lib/wordbrush/wordbrush" "$@"
"""


class CannotPack(Exception):
    """An AppImage cannot be made with what is here; the text says what to do."""


def runtime_of(file: Path) -> bytes:
    """The ELF program at the head of a type 2 runtime, or of any type 2 AppImage, whose own contents are cut off.

    Raises CannotPack where the file is neither.
    """
    data = file.read_bytes()
    if data[:4] != b"\x7fELF" or data[4:6] != b"\x02\x01" or data[8:11] != _MAGIC:
        raise CannotPack(
            f"{file} is no 64-bit AppImage runtime of type 2; see packaging/RELEASE.md for where to get one."
        )
    (sections,) = struct.unpack_from("<Q", data, 0x28)
    size, count = struct.unpack_from("<HH", data, 0x3A)
    end = sections + size * count
    if end > len(data) or (len(data) > end and data[end : end + 4] != _SQUASHFS):
        raise CannotPack(f"{file} is damaged: its program ends at byte {end}, and no squashfs follows.")
    return data[:end]


def make_appdir(bundle: Path, appdir: Path, root: Path) -> None:
    """Lay the bundle of PyInstaller out as an AppDir with menu entry, icons, MIME type and AppStream metadata."""
    shutil.rmtree(appdir, ignore_errors=True)
    share, linux = appdir / "usr" / "share", root / "packaging" / "linux"
    library = appdir / "usr" / "lib" / "wordbrush"
    shutil.copytree(bundle, library, symlinks=True, copy_function=_link_or_copy)
    (appdir / "usr" / "bin").mkdir()
    (appdir / "usr" / "bin" / "wordbrush").symlink_to("../lib/wordbrush/wordbrush")
    for source, target in (
        (linux / "wordbrush.desktop", share / "applications"),
        (linux / "wordbrush.xml", share / "mime" / "packages"),
        (linux / "example.wordbrush.Wordbrush.metainfo.xml", share / "metainfo"),
        (root / "resources" / "icons" / "wordbrush.svg", share / "icons" / "hicolor" / "scalable" / "apps"),
    ):
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    draw_icons(root / "resources" / "icons" / "wordbrush.svg", share / "icons" / "hicolor")
    shutil.copy(linux / "wordbrush.desktop", appdir)
    shutil.copy(share / "icons" / "hicolor" / "256x256" / "apps" / "wordbrush.png", appdir / "wordbrush.png")
    (appdir / ".DirIcon").symlink_to("wordbrush.png")
    (appdir / "AppRun").write_text(_APPRUN, encoding="utf-8")
    (appdir / "AppRun").chmod(0o755)


def draw_icons(svg: Path, hicolor: Path, sizes: tuple[int, ...] = ICON_SIZES) -> list[Path]:
    """Draw the icon in every size of a hicolor theme: `hicolor/48x48/apps/wordbrush.png` and so on."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    written = []
    renderer = QSvgRenderer(str(svg))
    for size in sizes:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        path = hicolor / f"{size}x{size}" / "apps" / f"{svg.stem}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(path)):
            raise CannotPack(f"the icon could not be written to {path}")
        written.append(path)
    return written


def pack(appdir: Path, runtime: Path, out: Path) -> Path:
    """Runtime and squashfs in one executable file. Raises CannotPack without mksquashfs or with a wrong runtime."""
    head = runtime_of(runtime)
    squashfs = out.with_suffix(".squashfs")
    squashfs.unlink(missing_ok=True)
    # gzip is what every runtime reads, the old ones too
    command = ["mksquashfs", str(appdir), str(squashfs), "-root-owned", "-noappend", "-comp", "gzip", "-quiet"]
    try:
        done = subprocess.run([*command, "-no-progress"], check=False)
    except FileNotFoundError as error:
        raise CannotPack("mksquashfs is missing; on Debian: sudo apt-get install squashfs-tools") from error
    if done.returncode != 0:
        raise CannotPack(f"mksquashfs ended with status {done.returncode}")
    with open(out, "wb") as whole, open(squashfs, "rb") as content:
        whole.write(head)
        shutil.copyfileobj(content, whole, 1 << 20)
    squashfs.unlink()
    out.chmod(0o755)
    return out


def _link_or_copy(source: str, target: str) -> str:
    """A hard link where the disk allows it: the bundle is large."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
