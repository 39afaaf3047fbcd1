"""Working on a picture that is there: repaint a part of it, vary it, fill what is new, refine it."""
