"""Taste: what pictures that somebody likes have in common, as a direction among a model's style tokens."""
