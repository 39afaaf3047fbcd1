"""The labs' plots, drawn without a display: obedience against quality, every law's figures, and the text window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.lab.configs import DEFAULT, NONE, PUBLISHED, short_title, title_of
from engine.lab.pages.plotting import GREY, INK, look_of, unwritable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SET_TITLES = {"world": "Layouts of the world", "free": "Free layouts", "two": "Two of a noun"}

# Typed as Any because matplotlib's stubs want literal keys.
_STYLE: Any = {
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "savefig.facecolor": "white",
}

# The columns that are plotted: key, heading, and which direction is better.
_FIGURES = (
    ("miou", "mIoU", "more is better"),
    ("miou_small", "mIoU, small areas", "more is better"),
    ("two", "two of a noun right", "more is better"),
    ("kid", "KID", "less is better"),
    ("recall", "recall of names", "more is better"),
    ("step_ratio", "step time / eDiff-I's", "less is better"),
)


def draw_front(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Plot obedience against quality, one panel per set: each law is a curve over its paint weights.

    Large markers are the model's own weight, with 95 % whiskers; markers with a ring lie on the front.

    Args:
        rows: of a layout result. path: of the PNG. Raises EngineError if it cannot be written.
    """
    names = [name for name in SET_TITLES if any(row["set"] == name and row["kid"] is not None for row in rows)]
    with _figure((6.2 * max(1, len(names)) + 2.0, 5.6), max(1, len(names))) as (figure, panels):
        for name, axes in zip(names, panels, strict=False):
            painted = [row for row in rows if row["set"] == name and row["law"] != NONE and row["kid"] is not None]
            curves: dict[str, list[Mapping[str, Any]]] = {}
            for row in painted:
                curves.setdefault("dial" if row["dial"] else row["law"], []).append(row)
            for law, curve in curves.items():
                _curve(axes, law, sorted(curve, key=lambda row: (row["paint_weight"], row["fidelity"] or 0.0)))
            axes.set_title(SET_TITLES[name])
            axes.set_xlabel("obedience: mIoU  →  better")
            axes.set_ylabel("KID to real renders  →  better")
            _frame(axes, painted)
            for row in rows:
                if row["set"] == name and row["law"] == NONE and row["kid"] is not None:
                    note = f"without paint: mIoU {row['miou']:.2f}, KID {row['kid']:.3f}"
                    axes.text(0.02, 0.02, note, transform=axes.transAxes, color=GREY, fontsize=9)
        if names:
            handles, labels = panels[0].get_legend_handles_labels()
            figure.legend(handles, labels, loc="outside right upper", title="law", alignment="left")
        _save(figure, path)


def _curve(axes: Axes, law: str, curve: Sequence[Mapping[str, Any]]) -> None:
    look = look_of(law)
    axes.plot(
        [row["miou"] for row in curve],
        [row["kid"] for row in curve],
        color=look.colour,
        linestyle=look.line,
        linewidth=look.width,
        marker=look.mark,
        markersize=5,
        markeredgecolor="white",
        label=title_of(law),
        zorder=look.above,
    )
    for row in curve:
        if row["main"] and not row["dial"]:
            for x, y in ((row["miou_ci"], [row["kid"]] * 2), ([row["miou"]] * 2, row["kid_ci"])):
                axes.plot(x, y, color=look.colour, linewidth=0.9, alpha=0.5)
            axes.plot(
                row["miou"],
                row["kid"],
                color=look.colour,
                marker=look.mark,
                markersize=10,
                markeredgecolor="white",
                zorder=look.above + 1,
            )
        if row["on_front"]:
            axes.plot(
                row["miou"],
                row["kid"],
                marker="o",
                markersize=15,
                markerfacecolor="none",
                markeredgecolor=INK,
                markeredgewidth=1.1,
                zorder=look.above + 2,
            )


def draw_laws(rows: Sequence[Mapping[str, Any]], path: Path, *, ceiling: float | None = None) -> None:
    """Plot every law's figures at the model's own weight side by side, as dots with 95 % whiskers.

    Args:
        rows: of a layout result. path: of the PNG. ceiling: the share of real pairs that the judge calls right, 0..1.
    """
    main = [row for row in rows if row["main"]]
    laws = list(dict.fromkeys(_label(row) for row in main))
    with _figure((3.1 * len(_FIGURES) + 1.6, 0.34 * len(laws) + 1.7), len(_FIGURES)) as (figure, panels):
        for (key, title, better), axes in zip(_FIGURES, panels, strict=True):
            for name, filled, shift in (("world", True, -0.13), ("free", False, 0.13)):
                if key == "two" and name == "free":
                    continue
                for row in main:
                    found = _value(row, key) if row["set"] == name else None
                    if found is not None:
                        _dot(axes, found, laws.index(_label(row)) + (0 if key == "two" else shift), row, filled=filled)
            axes.set_title(title)
            axes.set_xlabel(better, color=GREY, fontsize=9)
            axes.set_yticks(range(len(laws)), laws if axes is panels[0] else [""] * len(laws))
            axes.set_ylim(len(laws) - 0.4, -0.6)
            if key == "step_ratio":
                axes.axvline(1.0, color=GREY, linewidth=1, linestyle=":")
            if key == "two" and ceiling is not None:
                axes.axvline(0.8, color=INK, linewidth=1, linestyle=":")
                axes.axvline(ceiling, color=GREY, linewidth=1, linestyle="--")
        figure.supxlabel("filled: layouts of the world, hollow: free layouts", fontsize=9, color=GREY)
        _save(figure, path)


def draw_window(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Plot which prompt a picture follows against the share of swapped steps, one panel for each end of the steps.

    Args:
        rows: of a text window result. path: of the PNG. Raises EngineError if it cannot be written.
    """
    swaps = list(dict.fromkeys(row["swap"] for row in rows))
    with _figure((10.5, 4.4), len(swaps)) as (figure, panels):
        for swap, axes in zip(swaps, panels, strict=True):
            own = [row for row in rows if row["swap"] == swap]
            share = [100 * row["share"] for row in own]
            for letter, law in (("a", PUBLISHED), ("b", DEFAULT)):
                look = look_of(law)
                low, high = zip(*(row[f"recall_{letter}_ci"] for row in own), strict=True)
                axes.fill_between(share, low, high, color=look.colour, alpha=0.18, linewidth=0)
                axes.plot(
                    share,
                    [row[f"recall_{letter}"] for row in own],
                    color=look.colour,
                    marker=look.mark,
                    markeredgecolor="white",
                    linewidth=2,
                    label=f"prompt {letter.upper()}",
                )
            axes.set_title(f"B is used in the {swap} steps")
            axes.set_xlabel("per cent of the steps that use B")
            axes.set_ylim(-0.03, 1.03)
            axes.set_xlim(-2, 102)
        panels[0].set_ylabel("share of a prompt's own names found")
        panels[0].legend(loc="center left")
        _save(figure, path)


def _label(row: Mapping[str, Any]) -> str:
    return short_title(row["law"], dial=row["dial"], fidelity=row["fidelity"])


def _value(row: Mapping[str, Any], key: str) -> tuple[float, list[float]] | None:
    if key == "two":
        pair = row["two_of_a_noun"]
        return None if pair is None else (pair["right"], pair["right_ci"])
    return None if row[key] is None else (row[key], row[f"{key}_ci"])


def _dot(axes: Axes, found: tuple[float, list[float]], place: float, row: Mapping[str, Any], *, filled: bool) -> None:
    value, (low, high) = found
    look = look_of("dial" if row["dial"] else row["law"])
    axes.plot([low, high], [place, place], color=look.colour, linewidth=1.6, alpha=0.6)
    axes.plot(
        value,
        place,
        marker=look.mark,
        markersize=7,
        color=look.colour,
        markerfacecolor=look.colour if filled else "white",
        linestyle="none",
    )


def _frame(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set axis limits by the points, not their whiskers, which would squeeze the points together; better is up."""
    for key, limit in (("miou", axes.set_xlim), ("kid", axes.set_ylim)):
        values = [row[key] for row in rows]
        room = 0.25 * (max(values) - min(values)) or 0.1
        ends = (min(values) - room, max(values) + room)
        limit(ends if key == "miou" else ends[::-1])


@contextmanager
def _figure(size: tuple[float, float], panels: int) -> Iterator[tuple[Figure, list[Axes]]]:
    """A figure of `size` inches with panels side by side, in the labs' style; the style holds inside the `with`."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        # Not through pyplot, which keeps every figure alive and looks for a display.
        figure = Figure(figsize=size, dpi=130, layout="constrained")
        FigureCanvasAgg(figure)
        yield figure, list(figure.subplots(1, panels, squeeze=False)[0])


def _save(figure: Figure, path: Path) -> None:
    try:
        figure.savefig(path)
    except OSError as error:
        raise unwritable(path.parent, error) from error
