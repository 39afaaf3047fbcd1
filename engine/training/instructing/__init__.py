"""What a model learns that follows instructions: pairs of pictures, the adapter, and its loop."""
