"""Models on disk and in memory: the library, families, LoRA files, manifests."""
