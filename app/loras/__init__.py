"""LoRA files in the window: which ones change the model, how strongly, and for which word."""
