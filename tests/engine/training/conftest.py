"""What the tests of training share: threads stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(scope="module", autouse=True)
def own_threads() -> Iterator[None]:
    """A training command takes all cores for itself, which here belong to other tests too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "set_num_threads", lambda _number: None)
        yield
