"""What a vision-language model answers is read whatever its form: boxes, cut off or adorned, or plain words."""

from __future__ import annotations

import numpy as np
import pytest

from engine.describing.answers import BACKGROUND, MOST, Boxed, boxed, caption_of, is_a_list, painted

# As Qwen2.5-VL and Qwen3-VL write them.
FENCED = """```json
[
\t{"bbox_2d": [0, 0, 200, 50], "label": "sky"},
\t{"bbox_2d": [50, 60, 100, 90], "label": "red house"}
]
```"""
HOUSE = Boxed("red house", (0.25, 0.6, 0.5, 0.9))
SKY = Boxed("sky", (0.0, 0.0, 1.0, 0.5))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (FENCED, (SKY, HOUSE)),
        ('[{"bbox_2d": [50, 60, 100, 90], "label": "red house"}, {"bbox_2d": [0, 0, 2', (HOUSE,)),  # cut off
        ('Here it is:\n{"label": "red house", "bbox_2d": [50, 60, 100, 90]} and that is all.', (HOUSE,)),
        ("[{'bbox_2d': (50, 60, 100, 90), 'label': 'red house'}]", (HOUSE,)),  # as Python writes it
        ('{"objects": [{"bbox": [100.0, 90, 50, 60], "label": "  red\\nhouse. "}]}', (HOUSE,)),  # corners the other way
        ('[{"bbox_2d": [-40, -9, 999, 50], "label": "sky"}]', (SKY,)),  # beyond the picture
        ('[{"bbox_2d": [50, 60, 100], "label": "x"}, {"bbox_2d": [5, 6, 5, 9], "label": "x"}]', ()),
        ('[{"bbox_2d": ["50", 60, 100, 90], "label": "x"}, {"bbox_2d": [0, 0, NaN, 9], "label": "x"}]', ()),
        ('[{"bbox_2d": [0, 0, true, 9], "label": "x"}, {"bbox_2d": [0, 0, 1e999, 9], "label": "x"}]', ()),
        ('[{"bbox_2d": [0, 0, 9, 9]}, {"bbox_2d": [0, 0, 9, 9], "label": 7}, {"bbox_2d": null, "label": "x"}]', ()),
        ('[{"bbox_2d": [0, 0, 9, 9], "label": "{|}()"}, {"a" 1}, {__import__("os")}, {}]', ()),
        (f'[{{"bbox_2d": [0, 0, 1{"0" * 400}, 9], "label": "x"}}]', ()),
        ("A red house under the sky.", ()),
        ("", ()),
    ],
)
def test_boxes_are_read_and_what_is_broken_is_passed_over(answer, found):
    assert boxed(answer, (200, 100)) == found


def test_an_answer_without_end_gives_no_more_than_it_should():
    assert len(boxed('{"bbox_2d": [0, 0, 9, 9], "label": "x"}' * 500, (200, 100))) == MOST
    assert boxed("{" * 50_000, (200, 100)) == ()
    assert is_a_list("```json\n[]\n```") and not is_a_list("I see nothing.")


def test_things_have_their_places_in_their_surroundings():
    assert BACKGROUND == 0.5
    second = Boxed("red house", (0.75, 0.6, 0.875, 0.9))
    told = painted([HOUSE, SKY, second, Boxed("hidden", (0.3, 0.7, 0.3 + 1e-4, 0.7 + 1e-4))], (400, 200))
    assert told.caption == "sky, red house" and [word.name for word in told.words] == ["sky", "red house"]
    sky, house = told.words
    assert told.caption[slice(*house.span)] == "red house" and sky.mask.shape == (200, 400)
    assert bool((sky.mask[:100] == 255).all()) and not sky.mask[100:].any(), "to its corners"
    assert house.mask[150, 150] == house.mask[150, 320] == 255 and house.mask[120, 100] == 0, "both, with round corners"
    assert house.area == pytest.approx(float((house.mask == 255).mean()))
    over = painted([Boxed("field", (0, 0, 1, 1)), HOUSE], (400, 200))
    assert not bool(((over.words[0].mask == 255) & (over.words[1].mask == 255)).any())
    assert painted([], (40, 20)).words == () and np.array_equal(painted([SKY], (4, 2)).words[0].mask[0], [255] * 4)


def test_plain_words_become_a_caption_that_a_prompt_can_be():
    assert caption_of("A {red|blue} house\nby (a lake).\n\nIt is old.") == "A red blue house by a lake"
    assert caption_of("```\nA lake\n```") == "A lake" and caption_of(" \n ") == ""
    assert len(caption_of("word " * 400)) <= 300
