"""Evidence for image translation: what content losses, the adversarial loss and both are worth."""
