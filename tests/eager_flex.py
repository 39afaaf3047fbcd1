"""FlexAttention as it is without Triton: torch computes it step by step, by the same changes of scores."""

from __future__ import annotations

from typing import Any

import pytest
import torch.nn.attention.flex_attention as flex

from engine.attention import joint_kernel


def eager_flex(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the kernels of `joint_kernel` be computed so; largest scores too, which torch gives on GPUs alone."""
    options = flex._apply_kernel_options

    def also_here(query: Any, key: Any, value: Any, log_sum: bool, given: Any, aux: Any = None) -> Any:
        return {**options(query, key, value, log_sum, given), "OUTPUT_MAX": aux is not None and aux.max_scores}

    monkeypatch.setattr(flex, "_apply_kernel_options", also_here)
    monkeypatch.setattr(flex, "_FLEX_ATTENTION_DISABLE_COMPILE_DEBUG", True)
    monkeypatch.setattr(joint_kernel, "_compiled", lambda function: function)
