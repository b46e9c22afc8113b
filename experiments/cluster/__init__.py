"""Training on several devices or machines: how to start it, and the speedup."""
