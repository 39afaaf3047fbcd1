#!/usr/bin/env python3
"""Makes what people download, into dist/: `packaging/dev.py package wheel|app|appimage|icons|smoke`.

    wheel                     the wheel, for pip, pipx and uv tool
    app                       this system's program with all it needs, zipped: a folder on Linux and Windows, on macOS
                              Wordbrush.app. Its licences are gathered into resources/licences/inside
    appimage --runtime FILE   on Linux, after `app`: one file that starts everywhere. FILE is a type 2 runtime, or any
                              type 2 AppImage, whose runtime is taken; WORDBRUSH_APPIMAGE_RUNTIME says the same
    icons FOLDER              the icon in every size of a hicolor theme
    smoke FILE [--root DIR]   start what was built: --version, doctor, a picture, and where Xvfb is the window on its
                              screen; with --root in a clean system (as root, see packaging/RELEASE.md)

`--variant cpu|cuda` makes sure of the torch in the environment: the name of what is built says which it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packaging"))

from bundle import appimage, recipe, smoke  # noqa: E402

DIST, BUILD = ROOT / "dist", ROOT / "build" / "package"


def stop(text: str) -> NoReturn:
    """Ends with a written reason and exit status 1."""
    print(f"wordbrush: {text}", file=sys.stderr)
    raise SystemExit(1)


def run(*command: str | Path) -> None:
    """Runs a command; one that fails ends this program with its status in words."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if done.returncode != 0:
        stop(f"{Path(str(command[0])).name} ended with status {done.returncode}; what it said stands above.")


def variant_here(wanted: str) -> str:
    """The variant that this environment's torch makes; stops where another one is wanted."""
    import torch

    found = recipe.variant_of(torch.version.cuda)
    if wanted and wanted != found:
        index = "https://download.pytorch.org/whl/" + ("cpu" if wanted == "cpu" else "cu130")
        stop(
            f"the torch in this environment is {torch.__version__}, which makes the variant {found}, not {wanted}.\n"
            f"Delete .venv and start again with WORDBRUSH_TORCH_INDEX={index}"
        )
    return found


def make_wheel() -> Path:
    """The wheel of the tree as it stands, without what an older build left."""
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "--no-build-isolation"]
    run(*pip, "--wheel-dir", DIST, ROOT)
    return DIST / f"wordbrush-{recipe.version()}-py3-none-any.whl"


def make_app(variant: str) -> Path:
    """The bundle of this system, as a folder in build/ and as an archive in dist/."""
    name = recipe.bundle_name(variant)
    places = ["--workpath", BUILD / "work", "--distpath", BUILD / name]
    run(sys.executable, "-m", "PyInstaller", "--noconfirm", *places, ROOT / "packaging" / "wordbrush.spec")
    DIST.mkdir(exist_ok=True)
    if sys.platform == "darwin":  # zip would lose the links and the signature inside a bundle
        archive = DIST / f"{name}.zip"
        run("ditto", "-c", "-k", "--keepParent", BUILD / name / "Wordbrush.app", archive)
        return archive
    kind = "zip" if sys.platform == "win32" else "gztar"
    return Path(shutil.make_archive(str(DIST / name), kind, BUILD / name, "wordbrush"))


def make_appimage(variant: str, runtime: str) -> Path:
    """The AppImage around the bundle that `app` made."""
    if not sys.platform.startswith("linux"):
        stop("an AppImage is made on Linux.")
    name = recipe.bundle_name(variant)
    bundle = BUILD / name / "wordbrush"
    if not bundle.is_dir():
        stop(f"{bundle.relative_to(ROOT)} is not there; run `python3 packaging/dev.py package app` first.")
    if not runtime or not Path(runtime).is_file():
        stop("name the AppImage runtime with --runtime FILE; packaging/RELEASE.md says where to get one.")
    appdir = BUILD / f"{name}.AppDir"
    DIST.mkdir(exist_ok=True)
    try:
        appimage.make_appdir(bundle, appdir, ROOT)
        return appimage.pack(appdir, Path(runtime), DIST / f"{name}.AppImage")
    except appimage.CannotPack as error:
        stop(str(error))


def main(argv: Sequence[str]) -> int:
    """Makes one thing and says where it lies."""
    parser = argparse.ArgumentParser(
        prog="packaging/dev.py package", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("wheel", "app", "appimage", "icons", "smoke"))
    parser.add_argument(
        "place", nargs="?", type=Path, metavar="FILE", help="of `icons` the folder, of `smoke` the program"
    )
    parser.add_argument("--variant", choices=recipe.VARIANTS, default="")
    parser.add_argument("--runtime", default=os.environ.get("WORDBRUSH_APPIMAGE_RUNTIME", ""), metavar="FILE")
    parser.add_argument("--root", type=Path, metavar="DIR", help="a clean system for `smoke` to start the program in")
    options = parser.parse_args(argv)
    if options.what in ("icons", "smoke") and options.place is None:
        parser.error(f"`{options.what}` needs a path")
    if options.what == "wheel":
        made = make_wheel()
    elif options.what == "app":
        made = make_app(variant_here(options.variant))
    elif options.what == "appimage":
        made = make_appimage(variant_here(options.variant), options.runtime)
    elif options.what == "icons":
        made = appimage.draw_icons(ROOT / "resources" / "icons" / "wordbrush.svg", options.place)[0].parents[2]
    else:
        try:
            made = smoke.try_out(options.place.resolve(), BUILD / "smoke", options.root)
        except smoke.DoesNotWork as error:
            stop(str(error))
    size = f", {made.stat().st_size / 1e6:.0f} MB" if made.is_file() else ""
    print(f"wordbrush: {made}{size}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
