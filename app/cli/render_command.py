"""The command `wordbrush render`: its flags, and what comes of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import instruct_option, short_forms, word_options
from app.cli.colours_option import parse_colours
from app.cli.condition_options import parse_encoders, parse_style
from app.cli.control_option import parse_control
from app.cli.fidelity_option import parse_fidelity
from app.cli.grid_option import parse_grid
from app.cli.lora_option import parse_lora
from app.cli.model_facts import is_elsewhere, made_on
from app.cli.mood_option import parse_mood
from app.cli.output import DONE, CommandError, progress, put, put_json
from app.cli.paint_option import parse_paint
from app.cli.parser import Parser, cancel_on_interrupt, number, seed, size, whole
from app.cli.rework_options import parse_extend, parse_from, parse_refine, parse_repaint
from resources import atomic
from resources.limits import CONTROL_KINDS
from resources.settings import specs

if TYPE_CHECKING:
    from canvas.model.scene import Scene

_GRAMMARS: dict[str, Callable[[str], Any]] = {"encoders": parse_encoders, "fidelity": parse_fidelity, "seed": seed}
"""How settings are read that are more than a number or a name."""

HALF_WRITTEN_SECONDS = 3600.0  # what a killed run left beside its picture; a write takes seconds


def run(arguments: list[str]) -> int:
    """Make the pictures that `arguments` ask for; returns the exit code."""
    parser = Parser(
        prog="wordbrush render",
        usage="wordbrush render [FILE] [--prompt TEXT] --out F.png [options]",
        description="Make pictures from a scene, or from a prompt and masks. Options override what FILE says.",
        epilog=(
            "Of several pictures the first is written to F.png, the next to F-1.png, F-2.png, ...; picture i is made\n"
            "with seed + i. Each contains its scene. An existing file is replaced only once the new one is complete.\n"
        ),
    )
    add = parser.add_argument
    add("file", metavar="FILE", nargs="?", type=Path, help="a scene (.ora), or a picture that contains one (.png)")
    add(
        "--prompt",
        metavar="TEXT",
        help="what to paint; with FILE, it replaces FILE's prompt: words that are still in it keep their paint",
    )
    add("--out", metavar="F.png", type=Path, required=True, help="where to save the picture")
    add(
        "--paint",
        metavar="PHRASE[#N]=MASK[:STRENGTH]",
        action="append",
        type=parse_paint,
        default=[],
        help="paint the N-th occurrence (default 1) of a phrase where the grey picture MASK is white; split at the last"
        ' "="; strength 1 is normal, 0 is none, below 0 keeps the phrase out. Repeatable',
    )
    word_options.add_options(parser)
    add("--negative", metavar="TEXT", help="what the picture should not show")
    add(
        "--size",
        metavar="WxH",
        type=size,
        help="in pixels; by default FILE's size, or the one that suits the model best",
    )
    _add_settings(parser)
    add(
        "--experts",
        choices=("base", "ensemble"),
        help="base: the model's own denoiser at every noise level; ensemble: its own experts; by default"
        " the ensemble if there is one",
    )
    add(
        "--style",
        metavar="FILE[:STRENGTH][@PHRASE[#N]]",
        action="append",
        type=parse_style,
        default=[],
        help="take the look of a picture, not its layout; strength 1 is normal, 0 is none, 2 is the most; with"
        " @PHRASE only where that word is painted. Repeatable; replaces FILE's styles",
    )
    add(
        "--mood",
        "--taste",
        metavar="NAME|FILE|DIR[:WEIGHT]",
        type=parse_mood,
        help="what pictures that you like have in common, see wordbrush mood, or a folder of them; weight 1 is towards"
        " them, -1 away from them, 0 none. Replaces FILE's mood",
    )
    add(
        "--find",
        metavar="DIR",
        type=Path,
        help="for each word that the model does not know, take the look of the nearest picture in folder DIR: in its"
        " paint, or everywhere if it has none; see wordbrush find",
    )
    add(
        "--lora",
        metavar="NAME|PATH[:WEIGHT][@PHRASE[#N]]",
        action="append",
        type=parse_lora,
        default=[],
        help="change the model with a LoRA file: a path, or a name in the folder of LoRA files; weight -4 to 4, 1 is"
        " normal; with @PHRASE only where that word is painted. Repeatable; replaces FILE's LoRAs",
    )
    add(
        "--control",
        metavar="FILE[:KIND][:edges|:lines][:STRENGTH][:FROM-TO][@MODEL]",
        action="append",
        type=parse_control,
        default=[],
        help=f"follow the shapes in a picture, using a ControlNet. KIND: {', '.join(CONTROL_KINDS)}; edges: find those"
        " of an ordinary picture first; lines: dark lines on white; strength 0 to 2; FROM-TO: the part of the"
        " steps in which it acts, such as 0-0.5; MODEL: the ControlNet, by default the first that fits."
        " Repeatable; replaces FILE's control pictures",
    )
    add("--control-model", metavar="NAME|PATH", help="the ControlNet for all control pictures that name none")
    add(
        "--from",
        "--source",
        dest="from_picture",
        metavar="FILE[:STRENGTH]",
        type=parse_from,
        help="start from a picture instead of noise; strength from 0 (the picture as it is) to 1 (only noise); 0.6 by"
        " default, or 1 where only a part is made anew",
    )
    add(
        "--vary",
        metavar="FILE[:STRENGTH]",
        type=parse_from,
        help="make a variation of a picture; without FILE and --prompt, of its own scene. Without --seed it takes the"
        " seed after the scene's own",
    )
    add(
        "--by",
        choices=("noise", "tokens"),
        help="with --vary: noise starts from the picture (strength: how much is redone, 0.6 by default); tokens starts"
        " from noise, and the picture acts by its look and content (strength: how much, 1 by default)",
    )
    add(
        "--colours",
        metavar="FILE[:STRENGTH]",
        type=parse_colours,
        help="start from the colours in a picture wherever it is not transparent, and from noise elsewhere; strength"
        " from 0 (nothing of them is kept) to 1 (they stay as they are); 0.5 by default. Replaces FILE's colours",
    )
    add(
        "--repaint",
        metavar="WORD|MASK[:CONTEXT]",
        type=parse_repaint,
        help="redo only a part of the picture from --from or FILE: where WORD of the prompt is painted, or where the"
        " grey picture MASK is white; everything else stays exactly as it is. CONTEXT: how many pixels around"
        " that part the model sees, or all; by default it depends on the part's size",
    )
    add(
        "--selection",
        metavar="MASK",
        type=Path,
        help="change the picture from --from or FILE only where the grey picture MASK is white: as --repaint MASK, or"
        " as --instruct says",
    )
    add(
        "--keep-shape",
        choices=("noise", "picture"),
        help="with --repaint: fill the part exactly. The words painted in it act there alone, and all others elsewhere;"
        " from noise, or from the picture's own noise, which keeps more of it",
    )
    add(
        "--shows",
        metavar="TEXT",
        help="with --keep-shape picture: what the picture shows; by default the prompt in its file",
    )
    add(
        "--edit-from",
        metavar="FILE",
        type=Path,
        help="edit words in the picture FILE, which must contain its scene, and keep the rest: --prompt is the new"
        " text; the picture changes where the edited words are painted, or where they draw attention",
    )
    add(
        "--edit",
        metavar="TEXT",
        help="short for --edit-from FILE --prompt TEXT: what the prompt of the picture FILE becomes",
    )
    add("--keep", metavar="X", type=number, help="with an edit: --keep-cross and --keep-self, where they are not given")
    add(
        "--keep-cross",
        metavar="X",
        type=number,
        help="with --edit-from: in how much of the steps words keep their places, 0 to 1; 0.4 by default",
    )
    add(
        "--keep-self",
        metavar="X",
        type=number,
        help="with --edit-from: in how much of the steps shapes are kept, 0 to 1; 0.2 by default",
    )
    add(
        "--weigh",
        metavar="PHRASE[#N]=X",
        action="append",
        type=word_options.parse_weigh,
        default=[],
        help="with --edit-from: how much there should be of a word, compared with before (1), -4 to 4. Repeatable",
    )
    add(
        "--instruct",
        metavar="TEXT",
        help='change the picture from --from as TEXT says, such as "make it winter"; words of it can be painted with'
        " --paint, and the picture then changes there alone",
    )
    add(
        "--picture-guidance",
        metavar="X",
        type=number,
        help="with --instruct: how much of the picture is kept, 1 to 10; 1.5 by default",
    )
    add(
        "--extend",
        metavar="L,T,R,B",
        type=parse_extend,
        help="add this many pixels to the left, top, right and bottom of the picture from --from or FILE",
    )
    add(
        "--grow-paint",
        action="store_true",
        help="with --extend: words of FILE that touch an edge grow into the new part, things only a little",
    )
    add(
        "--refine",
        metavar="N[:STRENGTH]",
        type=parse_refine,
        help="make each picture 2 to 4 times larger in a second pass, in tiles; strength 0.35 by default",
    )
    add(
        "--again",
        action="store_true",
        help="start from what the picture FILE started from: the same seed makes the same picture again",
    )
    add(
        "--grid",
        metavar="AXIS=VALUES",
        action="append",
        type=parse_grid,
        default=[],
        help="one picture for each value, and F.png as their contact sheet: seed=1,2,3, strength:PHRASE=0.5,1,2,"
        " word:PHRASE=cat,dog, or a setting, such as steps=8,16. Give it twice for rows and columns",
    )
    add("--upscaler", metavar="FILE", type=Path, help="an upscaling network for --refine; by default a filter")
    add(
        "--heatmaps",
        metavar="DIR",
        type=Path,
        help="save where each painted word ended up: one grey PNG for each word and picture, white where it is"
        " strongest",
    )
    add("--bits", type=int, choices=(8, 16), default=8, help="bits of each value in the PNG; the model can give 16")
    add("--json", action="store_true", help="print one JSON object to stdout; errors as one to stderr")
    options = parser.parse_args(arguments)
    short_forms.spell_out(options)
    instruction = instruct_option.text_of(vars(options))
    options.prompt = options.prompt if instruction is None else instruction
    from app.cli import vary_option

    if options.file is None:
        options.file = options.edit_from or vary_option.file_of(vars(options))
    if options.file is None and options.prompt is None:
        raise CommandError(
            "Neither FILE nor --prompt is given.", hint="Give a scene file, or the text of a prompt, or both."
        )

    from app.cli import grid_option, heatmap_files, render, rework_options

    render.check_out(options.out)
    atomic.sweep(options.out.parent, HALF_WRITTEN_SECONDS)
    if options.heatmaps is not None:
        heatmap_files.make_folder(options.heatmaps)
    paint = options.paint
    if paint and "{" in (options.prompt or ""):
        from app.cli import choices

        paint = choices.paint_of_first(vars(options))
    machine = options.device if is_elsewhere(options.device) else None
    if machine is not None:
        options.device = "auto"  # of its own devices; no file says which machine it was
    with made_on(machine):
        scene = render.scene_of(file=options.file, prompt=options.prompt, paint=paint, changes=vars(options))
        scene = vary_option.with_next_seed(scene, vars(options))
        begun = rework_options.take_rework(scene, vars(options), options.file)
        with cancel_on_interrupt() as cancel, progress() as news:
            how = {"cancel": cancel, "experts": options.experts, "heatmaps": options.heatmaps, "begun": begun}
            how["bits"] = options.bits
            if options.grid:
                how["by_seed"] = _by_seed(vars(options), scene)
                result = grid_option.run(scene, options.grid, out=options.out, news=news, make=render.run, **how)
            elif scene.settings.count > 1 and (scenes := _chosen(vars(options), scene)):
                from app.cli import choices

                result = choices.run(scenes, vars(options), out=options.out, news=news, **how)
            else:
                result = render.run(scene, out=options.out, news=news, **how)
    if options.json:
        put_json(result)
    else:
        paths = [image["path"] for image in result["images"]]
        put("\n".join([*paths, result["grid"]] if "grid" in result else paths))
    return DONE


def _chosen(options: dict[str, Any], scene: Scene) -> list[Scene]:
    """A scene for each picture where the prompt leaves words to their seeds; else none."""
    if options["prompt"] is not None and "{" not in options["prompt"]:
        return []
    from app.cli import choices

    return choices.scenes_of(options, scene)


def _by_seed(options: dict[str, Any], scene: Scene) -> dict[int, Scene]:
    """A scene for each seed of the grid where the prompt leaves words to it; else none."""
    if options["prompt"] is not None and "{" not in options["prompt"]:
        return {}
    from app.cli import choices

    return choices.scenes_by_seed(options, scene)


def _add_settings(parser: Parser) -> None:
    """A flag for every setting that is declared with one."""
    for spec in specs().values():
        if not spec.help:
            continue
        kind: Callable[[str], Any] = str
        if spec.name in _GRAMMARS:
            kind = _GRAMMARS[spec.name]
        elif spec.is_number:
            kind = whole if spec.is_whole else number
        if spec.kind is bool:
            parser.add_argument(spec.flag, action=argparse.BooleanOptionalAction, help=spec.help)
        elif spec.choices is None:
            parser.add_argument(spec.flag, metavar=spec.metavar, type=kind, help=spec.help)
        else:
            parser.add_argument(spec.flag, choices=tuple(spec.choices), help=spec.help)
