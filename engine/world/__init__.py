"""The procedural world: drawn landscapes with captions and exact label maps, for training and measuring."""
