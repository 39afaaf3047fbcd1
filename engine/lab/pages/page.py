"""A lab's report: one self-contained HTML file, with its plots and contact sheets next to it as PNG files."""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.lab.pages.plotting import unwritable
from resources import atomic
from resources.pictures import read_picture

_STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; color: #222; max-width: 76rem; margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.4rem; }
p.facts, figcaption { color: #666; font-size: .9rem; } li { margin: .25rem 0; }
figure { margin: 1rem 0; overflow-x: auto; } figure img { max-width: 100%; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid #e4e4e4; }
th { border-bottom: 2px solid #999; } td:first-child, th:first-child, td.word, th.word { text-align: left; }
td small { color: #777; } tr.ours td { background: #fdf1e8; font-weight: 600; }
"""


_LARGEST = 400_000
"""PNG files with more bytes are embedded as JPEG; the PNG itself is next to the page."""


class Page:
    """Collects a report: a title, then blocks one after another; call `write` at the end.

    Args:
        folder: an existing folder for its pictures and `index.html`.
    """

    def __init__(self, folder: Path, title: str, facts: str) -> None:
        self.folder = folder
        self._title = title
        self._blocks = [f"<h1>{html.escape(title)}</h1>", f'<p class="facts">{html.escape(facts)}</p>']

    def heading(self, text: str) -> None:
        """Add a section heading."""
        self._blocks.append(f"<h2>{html.escape(text)}</h2>")

    def text(self, text: str) -> None:
        """Add a paragraph."""
        self._blocks.append(f"<p>{html.escape(text)}</p>")

    def points(self, sentences: Sequence[str]) -> None:
        """Add a bulleted list of sentences."""
        self._blocks.append("<ul>" + "".join(f"<li>{html.escape(each)}</li>" for each in sentences) + "</ul>")

    def picture(self, path: Path, caption: str) -> None:
        """Embed a PNG file, with a caption.

        Raises:
            EngineError: it cannot be read back.
        """
        try:
            kind, data = _embedded(path)
        except OSError as error:
            raise unwritable(self.folder, error) from error
        alt = html.escape(caption, quote=True)
        self._blocks.append(
            f'<figure><img src="data:image/{kind};base64,{data}" alt="{alt}">'
            f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        )

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, ours: Sequence[bool] = (), words: int = 1
    ) -> None:
        """Add a table; `ours` highlights rows, and the first `words` columns hold words rather than numbers.

        In a number cell, the text after the first space, such as an interval, is shown small.
        """
        marks = list(ours) or [False] * len(rows)
        head = "".join(_cell("th", text, index < words) for index, text in enumerate(heads))
        body = "".join(
            ('<tr class="ours">' if mark else "<tr>")
            + "".join(_cell("td", text, index < words) for index, text in enumerate(row))
            + "</tr>"
            for row, mark in zip(rows, marks, strict=True)
        )
        self._blocks.append(f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>')

    def write(self, figures: Mapping[str, Any]) -> None:
        """Write `figures.json` and `index.html`; after an interruption each is either complete or missing.

        Raises:
            EngineError: the folder cannot be written.
        """
        text = (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(self._title)}</title><style>{_STYLE}</style></head>\n<body>\n"
            + "\n".join(self._blocks)
            + "\n</body></html>\n"
        )
        for name, content in (("figures.json", json.dumps(figures, indent=1, allow_nan=False)), ("index.html", text)):
            try:
                atomic.write_text(self.folder / name, content)
            except OSError as error:
                raise unwritable(self.folder, error) from error


def _embedded(path: Path) -> tuple[str, str]:
    """The picture's format ("png" or "jpeg") and its content in base64, with large ones recompressed."""
    content, kind = path.read_bytes(), "png"
    if len(content) > _LARGEST:
        small = io.BytesIO()
        read_picture(content).convert("RGB").save(small, format="JPEG", quality=90, optimize=True)
        content, kind = small.getvalue(), "jpeg"
    return kind, base64.b64encode(content).decode()


def _cell(tag: str, text: str, word: bool) -> str:
    kind = ' class="word"' if word else ""
    value, _, rest = (text, "", "") if word or tag == "th" else text.partition(" ")
    small = f" <small>{html.escape(rest)}</small>" if rest else ""
    return f"<{tag}{kind}>{html.escape(value)}{small}</{tag}>"
