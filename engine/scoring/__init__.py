"""Pictures as input and as result: the segmenter that scores them, and style references."""
