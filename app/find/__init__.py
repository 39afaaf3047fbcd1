"""Find in my pictures: the dialog, its search in the background, and pictures taken for words that are not known."""
