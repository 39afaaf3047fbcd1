"""Training of the models that ship with the program, and of experts for other models."""
