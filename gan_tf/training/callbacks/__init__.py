"""Keras callbacks: progress, logs, samples, checkpoints, and reasons to stop."""
