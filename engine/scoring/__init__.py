"""What can be seen in a picture: the segmenter, and pictures as style references."""
