"""The shipped examples open and are ready to generate."""

from __future__ import annotations

import pytest

from app.files.names import example_title, examples
from app.generation.request_builder import request_from_scene
from app.storage.opened import read


def test_three_or_more_ship():
    assert len(examples()) >= 3


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.stem)
def test_an_example_is_ready_to_generate(path):
    scene = read(path).scene
    request = request_from_scene(scene, id="example")
    assert request.text.prompt.strip() and len(request.text.words) >= 2 and request.model == "starter"
    assert example_title(path)[0].isupper()
