"""The run directory, its checkpoints and its log, and a trained run loaded for inference."""
