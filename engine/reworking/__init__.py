"""Working on a picture: beginning from one, making a part of it anew, extending it, refining it at a larger size."""
