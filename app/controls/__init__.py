"""Control pictures in the window: pictures whose shapes the result keeps to."""
