"""Editing words of a picture's prompt and keeping the picture: Prompt-to-Prompt (arXiv 2208.01626), with paint."""
