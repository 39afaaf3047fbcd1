"""Distillation of guidance and steps: formulas, networks, targets, and the loop behind `engine.training.distil`."""
