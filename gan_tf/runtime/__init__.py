"""Devices, precision, strategies, replicas and compilation."""
