"""Finding a word in the picture, and what is done with it."""
