"""Training on several processes, as `torchrun` starts them: each has examples of its own, and all the mean gradient."""

from __future__ import annotations

import os
from collections.abc import Iterable

import torch
from torch import Tensor, distributed, nn


class Ranks:
    """The processes that train one model together; without `torchrun` there is one.

    On a CPU two processes of one thread do about 1.4 times as much as one of two threads: the denoiser's many small
    operations divide badly.

    Attributes:
        rank: this process's number, 0 for the leader, which alone writes. count: how many there are.
    """

    def __init__(self) -> None:
        self.rank, self.count = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
        if self.count > 1 and not distributed.is_initialized():
            distributed.init_process_group("gloo")

    @property
    def leads(self) -> bool:
        """Whether this process is the leader."""
        return self.rank == 0

    def agreed(self, value: float) -> float:
        """The leader's value."""
        if self.count == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64)
        distributed.broadcast(shared, 0)
        return float(shared)

    @torch.no_grad()
    def average(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replace the gradients by their mean over the processes; one that is missing counts as 0."""
        if self.count == 1:
            return
        gradients: list[Tensor] = []
        for each in parameters:
            if each.requires_grad:
                each.grad = torch.zeros_like(each) if each.grad is None else each.grad
                gradients.append(each.grad)
        flat = torch.cat([each.reshape(-1) for each in gradients])
        distributed.all_reduce(flat)
        flat /= self.count
        for each, mean in zip(gradients, flat.split([each.numel() for each in gradients]), strict=True):
            each.copy_(mean.view(each.shape))
