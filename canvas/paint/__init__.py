"""From pointer samples to painted pixels: brush, stroke, patterns, the compositor."""
