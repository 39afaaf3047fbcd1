"""The prompt at the top of the window: the text field, and what it says about unknown words."""
