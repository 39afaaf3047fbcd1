"""Rival methods that are more than a law, for comparison: regional prompts and MultiDiffusion."""
