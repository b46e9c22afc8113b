"""gan_tf, as built by its trainer."""

from experiments.bench.job import PairJob
from experiments.bench.keras_training import KerasTraining
from gan_tf.gans.build import build
from gan_tf.options.config import Config
from gan_tf.runtime import compilation, precision


class Training(KerasTraining):
    """The model that `python -m gan_tf.main --gan=cyclegan` trains, without pools of earlier outputs.

    Its precision can be "auto".
    """

    job_type = PairJob

    def __init__(self, **job):
        super().__init__(**job | {"precision": precision.resolve(job["precision"])})

    def build(self, job):
        config = Config(
            gan="cyclegan(pool=0)",
            arch=job.arch,
            discriminator="patchgan(2)",
            width=job.width,
            pair_by="edges",
            image_size=job.image_shape[0],
            batch_size=job.batch_size,
            precision=job.precision,
        ).resolve()
        gan = build(config, job.image_shape, source_shape=job.source_shape)
        gan.steps_per_execution = compilation.steps_per_execution(config, 0)  # as in long epochs
        return gan

    def trained(self):
        return list(self.model.networks.values())
