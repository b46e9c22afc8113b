"""Benchmarks against plain Keras and PyTorch; see README.md for the results."""
