"""The canvas on the screen; the only room of this package that knows Qt."""
