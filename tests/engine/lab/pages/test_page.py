"""Pages: whole HTML, what people wrote is escaped, pictures are inside, and a page is there whole or not at all."""

from __future__ import annotations

import base64
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import EngineError
from engine.lab.pages.page import Page

VOID = {"meta", "img", "br"}


class Balanced(HTMLParser):
    """Fails at a tag that is closed wrongly."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def page(tmp_path: Path) -> Page:
    page = Page(tmp_path, "Laws <side> by side", "n & m")
    page.heading("Part <1>")
    page.text("5 < 6")
    page.points(["a", "<b>"])
    page.table(["law", "mIoU"], [["ours & yours", "0.5 [0.4, 0.6]"], ["theirs", "-"]], ours=[True, False])
    return page


def test_a_page_is_well_formed_and_escaped_and_its_figures_lie_beside_it(page: Page, tmp_path: Path) -> None:
    page.write({"schema": 1})
    text = (tmp_path / "index.html").read_text()
    parser = Balanced()
    parser.feed(text)
    assert parser.open == [] and text.startswith("<!doctype html>")
    assert (
        "<h2>Part &lt;1&gt;</h2>" in text
        and "Laws &lt;side&gt; by side" in text
        and "<li>&lt;b&gt;</li>" in text
        and "5 &lt; 6" in text
    )
    assert json.loads((tmp_path / "figures.json").read_text()) == {"schema": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures.json", "index.html"]


def test_a_table_marks_our_rows_and_shows_intervals_small(page: Page, tmp_path: Path) -> None:
    page.write({})
    text = (tmp_path / "index.html").read_text()
    assert '<tr class="ours"><td class="word">ours &amp; yours</td><td>0.5 <small>[0.4, 0.6]</small></td></tr>' in text
    assert '<tr><td class="word">theirs</td><td>-</td></tr>' in text


@pytest.mark.parametrize(("side", "kind"), [(20, "png"), (500, "jpeg")])
def test_pictures_are_inside_the_page_and_large_ones_lighter(page: Page, tmp_path: Path, side: int, kind: str) -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (side, side, 3)).astype(np.uint8)
    Image.fromarray(rgb).save(tmp_path / "a.png")
    page.picture(tmp_path / "a.png", 'the "sheet"')
    page.write({})
    text = (tmp_path / "index.html").read_text()
    ((found, data),) = re.findall(r'src="data:image/(\w+);base64,([^"]+)"', text)
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        assert (found, image.format, image.size) == (kind, kind.upper(), (side, side))
    assert 'alt="the &quot;sheet&quot;"' in text


def test_a_page_that_cannot_be_written_is_an_error_with_a_way_out(page: Page, tmp_path: Path) -> None:
    (tmp_path / "index.html").mkdir()
    with pytest.raises(EngineError, match="cannot be written"):
        page.write({})
