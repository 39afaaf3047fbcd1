"""Widgets and helpers that every room uses: sliders, switches, swatches, the theme."""
