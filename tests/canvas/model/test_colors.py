"""Colours of overlays: enough for any number of words, and found quickly."""

from __future__ import annotations

import time

from canvas.model.colors import overlay_color


def test_a_thousand_words_find_a_colour_each_and_take_no_time() -> None:
    begun = time.process_time()
    taken: list[str] = []
    for _ in range(1000):
        taken.append(overlay_color(taken))
    assert time.process_time() - begun < 10 and len(set(taken)) > 300
