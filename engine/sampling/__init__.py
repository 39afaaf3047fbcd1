"""Noise schedules, samplers, and previews of the unfinished picture."""
