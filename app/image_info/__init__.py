"""A picture and what is known about it: its scene, scores and heatmaps. No widgets."""
