"""Adversarial losses, and penalties on the discriminator."""
