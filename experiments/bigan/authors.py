"""What the authors' code logs on MNIST (jeffdonahue/bigan, 10,000 images for validation)."""

BATCHES = 1000  # over which they average batch normalization's statistics before each evaluation

# epoch: 1-NN in the features before the encoder's last layer (NNC_e-) and in its codes (NNC_e), in
# percent; mean L2 error of reconstructions (EGr), and of those of the next image (EGr_b).
LOGGED = {
    0: (96.84, 91.50, 13.64, 13.64),
    1: (92.56, 89.94, 8.70, 9.55),
    25: (96.28, 95.41, 7.29, 9.51),
    200: (97.14, 95.92, 6.04, 9.91),
}
