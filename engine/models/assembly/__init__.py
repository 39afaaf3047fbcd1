"""Models put together from separate files as ComfyUI keeps them: a transformer, its text encoders, an autoencoder."""
