"""Measures a model on the user's own machine: whether paint moves its attention, and how much paint it needs."""
