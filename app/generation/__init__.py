"""From a scene to a running request, and from its events back to the window."""
