"""The layout benchmark."""
