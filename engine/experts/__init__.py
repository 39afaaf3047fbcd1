"""The ensemble of expert denoisers: who owns which noise levels, what is in memory when."""
