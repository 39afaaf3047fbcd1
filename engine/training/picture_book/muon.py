"""Muon (Jordan et al. 2024, arXiv 2502.16982): orthogonal momentum for matrices and convolutions, else AdamW.

Every direction of a weight matrix learns at the same pace, which takes about half of AdamW's steps on our models; the
few small matrix products that it costs are nothing beside a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

_MOMENTUM = 0.95
_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


class Muon(torch.optim.Optimizer):
    """One optimizer for a whole model.

    Args:
        named: parameters with their names. rate: AdamW's rate; matrices move as much for it as AdamW would move them.
        decay: of matrices, as in AdamW. plain: parts of names whose matrices AdamW shall keep, such as embeddings.
    """

    def __init__(
        self,
        named: Iterable[tuple[str, nn.Parameter]],
        rate: float,
        *,
        decay: float = 0.01,
        plain: tuple[str, ...] = ("embed", "shared"),
    ) -> None:
        matrices, others = [], []
        for name, weight in named:
            flat = weight.ndim < 2 or min(weight.shape[0], weight[0].numel()) < 16
            (others if flat or any(part in name for part in plain) else matrices).append(weight)
        groups = [{"params": matrices, "muon": True}, {"params": others, "muon": False}]
        super().__init__([group for group in groups if group["params"]], {"lr": rate, "decay": decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """One step of every group."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                if group["muon"]:
                    self._orthogonal(weight, group["lr"], group["decay"])
                else:
                    self._adam(weight, group["lr"])

    def _orthogonal(self, weight: Tensor, rate: float, decay: float) -> None:
        state = self.state[weight]
        if not state:
            state["momentum"] = torch.zeros_like(weight)
        momentum = state["momentum"].lerp_(weight.grad, 1 - _MOMENTUM)
        update = orthogonal(weight.grad.lerp(momentum, _MOMENTUM).flatten(1)).view_as(weight)
        # A matrix whose entries are as large on average as AdamW's steps are.
        scale = 0.2 * max(weight.shape[0], weight[0].numel()) ** 0.5
        weight.mul_(1 - rate * decay).add_(update, alpha=-rate * scale)

    def _adam(self, weight: Tensor, rate: float) -> None:
        state = self.state[weight]
        if not state:
            state["step"] = torch.tensor(0.0)
            state["mean"], state["square"] = torch.zeros_like(weight), torch.zeros_like(weight)
        state["step"] += 1
        count = float(state["step"])
        mean = state["mean"].lerp_(weight.grad, 0.1)
        square = state["square"].lerp_(weight.grad.square(), 0.01)
        weight.addcdiv_(mean / (1 - 0.9**count), (square / (1 - 0.99**count)).sqrt_().add_(1e-8), value=-rate)


def orthogonal(matrix: Tensor, rounds: int = 5) -> Tensor:
    """The nearest matrix `[a, b]` with all singular values near 1, by Newton-Schulz iteration."""
    a, b, c = _NEWTON_SCHULZ
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if tall else matrix).float()
    x = x / x.norm().clamp_min(1e-7)
    for _ in range(rounds):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return (x.T if tall else x).to(matrix)
