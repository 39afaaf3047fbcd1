"""The picture book: the training of the model that ships, on hundreds of drawn things in the world's landscapes."""
