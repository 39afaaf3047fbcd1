"""The tools in the painter's hand: one file a tool; what they share is in `base`."""
