"""The Accelerator that all training here runs on: one device, or the processes of `accelerate launch`."""

from __future__ import annotations

import os

import torch
from accelerate import Accelerator


def new_accelerator(device: torch.device) -> Accelerator:
    """A new Accelerator for the device, or for all processes if `accelerate launch` started several.

    It uses bfloat16 where the hardware supports it.
    """
    if device.type == "cuda" and "LOCAL_RANK" not in os.environ:
        torch.cuda.set_device(device)
    half = device.type == "cpu" or (device.type == "cuda" and torch.cuda.is_bf16_supported())
    return Accelerator(cpu=device.type == "cpu", mixed_precision="bf16" if half else "no")
