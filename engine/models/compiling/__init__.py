"""Denoisers compiled by `torch.compile`: made beside pictures, used from the next run on."""
