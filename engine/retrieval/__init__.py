"""Search by picture and word: folders of the user's own pictures, an index of each on disk, and what is nearest."""
