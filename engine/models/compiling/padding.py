"""Texts padded to a few lengths, so that another prompt seldom is another kind of call."""

from __future__ import annotations

import dataclasses

import torch
import torch.nn.functional as F

from engine.text.conditioning import ABSENT, Conditioning

_ROOM = 32


def room(tokens: int) -> int:
    """The length to which a text of so many tokens is padded."""
    return -(-tokens // _ROOM) * _ROOM


def padded(context: Conditioning) -> Conditioning:
    """A UNet's context with room for other prompts of about this length.

    What is added is zeros that no row attends to. Their keys are 0: a law's largest score, which is not below 0,
    is the same with them.
    """
    tokens = context.rows.shape[1]
    missing = room(tokens) - tokens
    bias = torch.zeros(2, tokens) if context.token_bias is None else context.token_bias
    return dataclasses.replace(
        context,
        rows=F.pad(context.rows, (0, 0, 0, missing)),
        values=None if context.values is None else F.pad(context.values, (0, 0, 0, missing)),
        token_bias=F.pad(bias, (0, missing), value=ABSENT),
        present=None,
    )
