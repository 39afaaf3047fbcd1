"""From prompt to conditioning: spans, tokens, text and image encoders, token bias."""
