"""One file per model family, all behind one small interface."""
