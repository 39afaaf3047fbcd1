"""What the families are held to whose autoencoders or readers do more than scale and pad."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import find_span
from engine.protocol import ImageReady
from tests.engine.families.harness import PROMPT, FamilyTests, Watched


class PictureTests(FamilyTests):
    """The harness, the pictures themselves, and the words' tokens. The case's `stock` takes an `output` too."""

    def test_the_picture_is_the_stock_pipelines(self, folder: Path, watched: Watched) -> None:
        events = self.events(watched, folder)
        (image,) = (event for event in events if isinstance(event, ImageReady))
        wanted = self.case.stock(
            folder, prompt=PROMPT, negative="", size=self.case.size, steps=4, seed=3, guidance=self.case.guidance,
            output="np",
        )  # fmt: skip
        assert wanted[0].std() > 0.01
        assert np.abs(image.rgb / 255.0 - wanted[0]).max() < 1.6 / 255

    @pytest.mark.parametrize(("phrase", "n"), [("lake", 1), ("cat", 2), ("cat by a lake", 1), ("sky", 1)])
    def test_a_words_tokens_are_its_own(self, watched: Watched, phrase: str, n: int) -> None:
        reader = watched.family.reader
        context = watched.family.encode(PROMPT, "a long text of what is not to be seen")
        places = context.positions(find_span(PROMPT, phrase, n))
        tokenized = reader.read(PROMPT).tokenized
        ids = tokenized.input_ids[0][-len(tokenized.offsets) :]
        assert reader.tokenizer.decode(ids[list(places)]).strip() == phrase
        assert set(places) <= set(context.seen or range(len(ids)))
