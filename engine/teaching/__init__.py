"""A word is taught from a few pictures, while other work goes on; also what all training here has in common."""
