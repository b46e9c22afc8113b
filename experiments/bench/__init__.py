"""Benchmarks: this program beside plain Keras and PyTorch; see README.md for what was measured."""
