"""The command `wordbrush scene`: any file that the window can open becomes a scene file; colour maps in and out."""

from __future__ import annotations

from pathlib import Path

from app.cli.output import DONE, CommandError, put, put_json, say
from app.cli.parser import Parser
from app.cli.scene_files import load
from canvas.model.scene import Scene


def run(arguments: list[str]) -> int:
    """Run `wordbrush scene`; returns the exit code."""
    parser = Parser(
        prog="wordbrush scene", description="Make a scene file (.ora) from another file, or a colour map from a scene."
    )
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="any file that the window can open")
    parser.add_argument("--from-map", metavar="MAP", type=Path, help="a picture of flat colours to turn into words")
    parser.add_argument("--palette", metavar="NAME", help="what its colours mean: nvidia-canvas, ade20k or coco-stuff")
    parser.add_argument("--table", metavar="FILE", type=Path, help='or a table {(r, g, b): "phrase,strength"}')
    parser.add_argument(
        "--prompt", metavar="TEXT", default="", help="the prompt; phrases that are not in it are added at its end"
    )
    parser.add_argument("--out", metavar="SCENE.ora", type=Path, help="the scene file to write")
    parser.add_argument(
        "--to-map", metavar="MAP.png", type=Path, help="write the paint as a colour map, with its table"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object to stdout")
    options = parser.parse_args(arguments)
    if (options.file is None) == (options.from_map is None):
        raise CommandError("One file is needed.", hint="Give a FILE, or --from-map MAP.")
    if options.out is None and options.to_map is None:
        raise CommandError("There is nothing to write.", hint="Add --out SCENE.ora, or --to-map MAP.png.")
    if options.from_map is None and (options.palette or options.table or options.prompt):
        raise CommandError("A palette, a table and a prompt go with a colour map.", hint="Add --from-map MAP.")
    for path, ending in ((options.out, ".ora"), (options.to_map, ".png")):
        if path is not None and path.suffix.lower() != ending:
            raise CommandError(f'"{path.name}" does not end in {ending}.', hint=f"Name it {path.stem}{ending}.")

    scene = load(options.file) if options.from_map is None else _from_map(options)
    written = []
    if options.out is not None:
        from canvas.files import ora

        ora.save(options.out, scene, backup=True)
        written.append(options.out)
    if options.to_map is not None:
        from canvas.files import colour_files

        written += colour_files.save_map(options.to_map, scene)
    if options.json:
        words = [{"phrase": word.phrase, "span": word.span, "strength": word.strength} for word in scene.words]
        put_json(
            {"schema": 1, "files": list(map(str, written)), "prompt": scene.prompt, "size": scene.size, "words": words}
        )
    else:
        for path in written:
            put(str(path))
    return DONE


def _from_map(options) -> Scene:  # type: ignore[no-untyped-def]
    """The scene of a colour map. Raises SceneFileError, and CommandError for a palette that is not known."""
    from canvas.files import colour_files, colour_maps, colour_tables

    if options.palette is not None and options.palette not in colour_tables.PALETTES:
        known = ", ".join(colour_tables.PALETTES)
        raise CommandError(f'There is no palette "{options.palette}".', hint=f"Choose one of {known}.")
    found = colour_files.read_map(options.from_map, palette=options.palette, table=options.table)
    scene, remarks = colour_maps.scene_of(found.rgb, found.entries, options.prompt)
    for remark in (*found.remarks, *remarks):
        say(remark)
    return scene
