"""The scene as plain values, and the document that holds it with its undo history."""
