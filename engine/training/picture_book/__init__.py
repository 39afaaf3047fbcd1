"""The picture book: trains the shipped model on compositions of hundreds of icons in procedural landscapes."""
