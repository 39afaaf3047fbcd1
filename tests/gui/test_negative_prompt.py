"""What to avoid: greyed where the model does not read it, with the reason, and kept for one that does."""

from __future__ import annotations

from dataclasses import replace

from canvas.model.scene import Scene


def test_the_line_is_grey_where_the_model_reads_none(make_window):
    hands = make_window(Scene(prompt="a cat", negative="fog"))
    line, session = hands.window.prompt_bar.negative, hands.window.session
    assert line.isEnabled() and session.facts.takes_negative
    session.facts_changed.emit(replace(session.facts, name="Flux", takes_negative=False))
    assert not line.isEnabled() and line.text() == "fog"
    assert "Flux" in line.toolTip() and "without a negative prompt" in line.toolTip()
    session.facts_changed.emit(session.facts)
    assert line.isEnabled() and "what should not be" in line.toolTip()
