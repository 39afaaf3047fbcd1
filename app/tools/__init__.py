"""Tools and selection: the column, the brush bar, and what connects them with the canvas."""
