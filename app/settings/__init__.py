"""The settings panel: size, sampling, model, paint fidelity, text encoders."""
