"""Weights on disk and on devices: reading files safely, loading, offloading."""
