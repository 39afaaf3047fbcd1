"""Pictures as input and as result: the recogniser that scores them, and style references."""
