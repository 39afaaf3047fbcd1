"""The queue of pictures: what waits, in which order, and what is to be done with it."""
