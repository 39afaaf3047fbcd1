"""The colours under the words: what is painted with, how much of them a run keeps, and whether they are shown."""
