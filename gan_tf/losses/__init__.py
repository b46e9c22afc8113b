"""Losses of the game: adversarial losses, and penalties on the discriminator."""
