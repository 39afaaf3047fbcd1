"""What changes a loaded model for a run: LoRA files of every kind, merged into its weights or heard in one area."""
