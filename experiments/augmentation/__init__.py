"""Augmentation: whether generated images help to train a classifier."""
