"""What the canvas shows: the result, a preview of another one, a heatmap, a comparison."""
