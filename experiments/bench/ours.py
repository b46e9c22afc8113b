"""gan_tf, as its trainer builds it."""

from experiments.bench.keras_training import KerasTraining
from gan_tf.config import Config
from gan_tf.gans.build import build


class Training(KerasTraining):
    """The model that `python -m gan_tf.main` trains."""

    def build(self, job):
        config = Config(
            arch=f"{job.arch}(width={job.width})",
            image_size=job.image_shape[0],
            latent_dim=job.latent_dim,
            batch_size=job.batch_size,
            precision=job.precision,
        )
        return build(config.resolve(), job.image_shape)
