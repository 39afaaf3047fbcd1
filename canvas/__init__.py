"""The scene and the painting: words, masks, strokes, undo, files, view."""
