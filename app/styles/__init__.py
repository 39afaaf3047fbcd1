"""Style pictures: the panel, its cards, the presets that ship."""
