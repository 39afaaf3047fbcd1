"""Short forms of `wordbrush render`, spelled out: `--edit`, `--keep`, `--selection`, and FILE with `--instruct`."""

from __future__ import annotations

from typing import Any

from app.cli.output import CommandError
from app.cli.rework_options import FromOption, RepaintOption


def spell_out(options: Any) -> None:
    """Put what short forms stand for into the parsed options, in place.

    Raises:
        CommandError: one is given beside what it stands for, or without what it needs.
    """
    if options.edit is not None:
        _refuse_both("--edit", options, {"prompt": "--prompt", "edit_from": "--edit-from", "instruct": "--instruct"})
        if options.file is None:
            raise CommandError("There is no picture to edit.", hint="Name it: render FILE --edit TEXT.")
        options.edit_from, options.prompt, options.file = options.file, options.edit, None
    if options.keep is not None:
        if options.edit_from is None:
            raise CommandError("--keep needs an edit.", hint="Add --edit TEXT.")
        for name in ("keep_cross", "keep_self"):
            if getattr(options, name) is None:
                setattr(options, name, options.keep)
    if options.instruct is not None:
        if options.from_picture is None and options.file is not None:
            options.from_picture, options.file = FromOption(options.file, None), None
    elif options.selection is not None:
        _refuse_both("--selection", options, {"edit": "--edit", "edit_from": "--edit-from", "repaint": "--repaint"})
        if not options.selection.is_file():
            raise CommandError(f'There is no file "{options.selection}".', hint="--selection takes a grey picture.")
        options.repaint = RepaintOption(str(options.selection), None)


def _refuse_both(form: str, options: Any, others: dict[str, str]) -> None:
    given = [flag for name, flag in others.items() if getattr(options, name) is not None]
    if given:
        raise CommandError(f"{form} cannot be combined with {given[0]}.", hint="Leave one out.")
