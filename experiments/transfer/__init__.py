"""Transfer: training on few images from the weights of another GAN."""
