"""Published methods to compare with that are more than an attention bias: regional prompts and MultiDiffusion."""
