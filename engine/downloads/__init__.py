"""Models from the network, only when they are asked for: what is there, one file after another, what was brought."""
