"""--paint PHRASE[#N]=MASK[:STRENGTH]: every awkward text is taken apart as the contract says, and painted so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.cli.output import CommandError
from app.cli.paint_option import paint, parse_paint
from canvas.model import edits
from canvas.model.errors import SceneError
from canvas.model.scene import Scene
from engine.errors import BadMask, BadRequest, WordNotInPrompt
from tests.app.conftest import PROMPT, painted_scene, save_mask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lake=m.png", ("lake", 1, "m.png", 1.0)),
        ("lake=m.png:2", ("lake", 1, "m.png", 2.0)),
        ("lake=m.png:-0.5", ("lake", 1, "m.png", -0.5)),
        ("lake=m.png:+1.25", ("lake", 1, "m.png", 1.25)),
        ("lake=m.png:0", ("lake", 1, "m.png", 0.0)),
        ("lake#2=m.png:0.5", ("lake", 2, "m.png", 0.5)),
        ("red house#12=m.png", ("red house", 12, "m.png", 1.0)),
        # the last "=" splits
        ("e=mc2=m.png", ("e=mc2", 1, "m.png", 1.0)),
        ("a=b=c#3=m.png:1", ("a=b=c", 3, "m.png", 1.0)),
        ("==m.png", ("=", 1, "m.png", 1.0)),
        # colons in paths and phrases
        (r"lake=C:\masks\m.png", ("lake", 1, r"C:\masks\m.png", 1.0)),
        (r"lake=C:\masks\m.png:1.5", ("lake", 1, r"C:\masks\m.png", 1.5)),
        ("lake=a:b/m.png", ("lake", 1, "a:b/m.png", 1.0)),
        ("lake=m:1:2", ("lake", 1, "m:1", 2.0)),
        ("ratio 4:3=m.png", ("ratio 4:3", 1, "m.png", 1.0)),
        # tails that are no plain numbers belong to the path
        ("lake=m.png:", ("lake", 1, "m.png:", 1.0)),
        ("lake=m.png:nan", ("lake", 1, "m.png:nan", 1.0)),
        ("lake=m.png:inf", ("lake", 1, "m.png:inf", 1.0)),
        ("lake=m.png:1e3", ("lake", 1, "m.png:1e3", 1.0)),
        ("lake=m.png:.5", ("lake", 1, "m.png:.5", 1.0)),
        ("lake=m.png:1.", ("lake", 1, "m.png:1.", 1.0)),
        ("lake=m.png:--1", ("lake", 1, "m.png:--1", 1.0)),
        ("lake=m.png:1\n", ("lake", 1, "m.png:1\n", 1.0)),
        # "#" counts only with a number after it, at the end
        ("C# code=m.png", ("C# code", 1, "m.png", 1.0)),
        ("C#=m.png", ("C#", 1, "m.png", 1.0)),
        ("C##2=m.png", ("C#", 2, "m.png", 1.0)),
        ("route #66#1=m.png", ("route #66", 1, "m.png", 1.0)),
        ("lake#-1=m.png", ("lake#-1", 1, "m.png", 1.0)),
        ("lake=m#2.png", ("lake", 1, "m#2.png", 1.0)),
        ("湖#2=マスク.png:1", ("湖", 2, "マスク.png", 1.0)),
    ],
)
def test_is_taken_apart_as_the_contract_says(text, expected):
    option = parse_paint(text)
    assert (option.phrase, option.number, option.mask, option.strength) == expected


@pytest.mark.parametrize("text", ["lake", "", "=m.png", "lake=", "lake=:1", "#2=m.png", "  =m.png"])
def test_a_missing_part_is_told_with_the_grammar(text):
    with pytest.raises(CommandError) as caught:
        parse_paint(text)
    assert "--paint PHRASE=MASK" in caught.value.hint


def scene(prompt: str = PROMPT) -> Scene:
    return Scene(prompt=prompt, size=(64, 64))


def test_paints_this_occurrence_with_its_mask_and_strength(mask):
    made = paint(scene(), [parse_paint(f"LAKE#2={mask}:-0.5"), parse_paint(f"house={mask}")])
    assert [(word.phrase, word.span, word.strength) for word in made.words] == [
        ("lake", (25, 29), -0.5),
        ("house", (13, 18), 1.0),
    ]
    painted = made.masks[made.words[0].id].to_array()
    assert painted[:, :32].min() == 255 and painted[:, 32:].max() == 0


def test_grey_values_between_black_and_white_survive():
    from PIL import Image

    ramp = np.tile(np.arange(64, dtype=np.uint8) * 4, (64, 1))
    Image.fromarray(ramp).save("ramp.png")
    made = paint(scene(), [parse_paint("house=ramp.png")])
    assert np.array_equal(made.masks[made.words[0].id].to_array(), ramp)


def test_new_paint_takes_the_place_of_the_files_own():
    save_mask(Path("right.png"), left=32, right=64)
    before = painted_scene()
    made = paint(before, [parse_paint("lake#2=right.png:0.5")])
    assert [word.id for word in made.words] == [word.id for word in before.words]
    assert made.words[0].strength == 0.5
    assert made.masks[made.words[0].id].to_array()[:, :32].max() == 0


def test_one_occurrence_painted_twice_is_refused(mask):
    with pytest.raises(CommandError, match="painted twice") as caught:
        paint(scene(), [parse_paint(f"lake={mask}"), parse_paint(f"Lake#1={mask}:2")])
    assert "one mask" in caught.value.hint


def test_a_hash_and_number_that_stand_in_the_prompt_get_the_right_hint(mask):
    with pytest.raises(WordNotInPrompt) as caught:
        paint(scene("a sign of route #66 by the road"), [parse_paint(f"route #66={mask}")])
    assert "route #66#1=MASK" in caught.value.hint
    made = paint(scene("a sign of route #66 by the road"), [parse_paint(f"route #66#1={mask}")])
    assert made.words[0].phrase == "route #66"


def test_a_mask_name_with_an_equals_sign_gets_the_right_hint():
    save_mask(Path("a=b.png"))
    with pytest.raises(WordNotInPrompt) as caught:
        paint(scene(), [parse_paint("lake=a=b.png")])
    assert 'last "="' in caught.value.hint


def test_a_strength_that_is_no_plain_number_gets_the_right_hint(mask):
    with pytest.raises(BadMask) as caught:
        paint(scene(), [parse_paint(f"lake={mask}:nan")])
    assert '"nan" is not a strength' in caught.value.hint


def test_an_occurrence_that_is_not_there_and_number_0_are_refused(mask):
    with pytest.raises(WordNotInPrompt) as caught:
        paint(scene(), [parse_paint(f"lake#3={mask}")])
    assert "1 to 2" in caught.value.hint
    with pytest.raises(BadRequest):
        paint(scene(), [parse_paint(f"lake#0={mask}")])


def test_a_strength_beyond_reason_is_refused(mask):
    with pytest.raises(SceneError, match="strength"):
        paint(scene(), [parse_paint(f"lake={mask}:1000")])


def test_a_painted_word_keeps_its_own_place_among_the_words_of_a_scene(mask):
    before = painted_scene()
    made = paint(before, [parse_paint(f"house={mask}")])
    assert made.words[0] == before.words[0] and made.masks[before.words[0].id] == before.masks[before.words[0].id]
    assert made.words[1].phrase == "house" and made == edits.set_size(made, (64, 64))
