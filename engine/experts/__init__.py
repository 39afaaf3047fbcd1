"""The ensemble of expert denoisers: which expert handles which noise levels, and which weights are in memory when."""
