"""Teaching a word: the dialog, and the process of its own in which the training runs."""
