#!/usr/bin/env bash
# Installs Wordbrush for this user on a Linux desktop: an environment of its own, the command `wordbrush`, a menu entry.
#
#   packaging/install-linux.sh              install, or bring an install up to this tree
#   packaging/install-linux.sh --uninstall  take away all that it installed; scenes, pictures and models of yours stay
#
# WORDBRUSH_TORCH_INDEX=URL gives pip an extra index for torch alone (https://download.pytorch.org/whl/cpu: no CUDA).
set -euo pipefail

tree=$(cd "$(dirname "$0")/.." && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
bin=$HOME/.local/bin
home=$data/wordbrush-program # only the program lies here; what a person makes lies elsewhere
entry=$data/applications/wordbrush.desktop
icons=$data/icons/hicolor

say() { printf 'wordbrush: %s\n' "$*" >&2; }

refresh() { # menus and icon caches notice by themselves sooner or later; where the tools are there, at once
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications" || true; fi
    if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -q -t "$icons" || true; fi
}

uninstall() {
    rm -rf -- "$home"
    rm -f -- "$bin/wordbrush" "$entry" "$icons/scalable/apps/wordbrush.svg" "$icons/256x256/apps/wordbrush.png"
    refresh
    say "taken away"
}

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    say "Python 3.11 or newer with its venv module is needed (Debian, Ubuntu: sudo apt-get install python3-venv)"
    return 1
}

install_program() {
    local python pins=$tree/packaging/constraints.txt
    python=$(find_python)
    say "making $home with $python (the first time this takes some minutes)"
    "$python" -m venv "$home"
    local pip=("$home/bin/python" -m pip install --quiet --disable-pip-version-check --constraint "$pins")
    "${pip[@]}" ${WORDBRUSH_TORCH_INDEX:+--extra-index-url "$WORDBRUSH_TORCH_INDEX"} "$(grep '^torch==' "$pins")"
    "${pip[@]}" setuptools
    rm -rf -- "$tree/build" # what setuptools left of an older tree would go into the wheel
    "${pip[@]}" --no-build-isolation "$tree"
    # the same version may hold newer files: put this tree's in any case
    "${pip[@]}" --no-build-isolation --no-deps --force-reinstall "$tree"
}

install_desktop() {
    mkdir -p "$bin" "$(dirname "$entry")" "$icons/scalable/apps" "$icons/256x256/apps"
    ln -sfn "$home/bin/wordbrush" "$bin/wordbrush"
    cp "$tree/resources/icons/wordbrush.svg" "$icons/scalable/apps/wordbrush.svg"
    cp "$tree/resources/icons/wordbrush.png" "$icons/256x256/apps/wordbrush.png"
    # the menu starts by full path: ~/.local/bin is not on every desktop's PATH
    sed -e "s|^Exec=wordbrush|Exec=\"$home/bin/wordbrush\"|" -e "s|^TryExec=.*|TryExec=$home/bin/wordbrush|" \
        "$tree/packaging/linux/wordbrush.desktop" >"$entry"
    refresh
}

case ${1:-} in
    --uninstall) uninstall ;;
    "")
        install_program
        install_desktop
        say "done: Wordbrush is in the menu, and $bin/wordbrush starts it"
        case ":$PATH:" in *":$bin:"*) ;; *) say "$bin is not on your PATH" ;; esac
        ;;
    *)
        sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
