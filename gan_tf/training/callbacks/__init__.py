"""Keras callbacks: progress, logs, samples, checkpoints, and early stopping."""
