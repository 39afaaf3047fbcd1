"""The painted words: their cards, the brush bar, their scores."""
