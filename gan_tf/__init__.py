"""gan_tf: train generative adversarial networks with TensorFlow and Keras.

The packages, in the order in which data flows through them: `config` (what to
do), `data` (images), `networks` (generators and discriminators), `losses`,
`gans` (the `keras.Model` that plays the game), `callbacks` (samples,
checkpoints, logs) and `run_dir` (where a run lives). `train` puts them
together; `main` and `generate` are its command lines.

Nothing heavy is imported here, so that `--help` answers at once.
"""

__version__ = "0.1.0"
