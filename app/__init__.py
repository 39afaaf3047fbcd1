"""The Qt shell of Wordbrush: window, docks, actions, settings, command line."""
