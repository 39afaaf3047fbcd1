"""The command line: `wordbrush render`, `bench`, `lab` and `doctor`."""
