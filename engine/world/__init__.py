"""Procedural landscapes with captions and exact label maps, and their segmenter."""
