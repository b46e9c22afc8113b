"""How good an encoder is: neighbors in its features and codes, and reconstructions."""

import keras
import numpy as np

from experiments.bigan.authors import BATCHES
from gan_tf.data import pipeline
from gan_tf.gans import build
from gan_tf.inversion import encoder as afterwards
from gan_tf.inversion.run_objectives import run_objective
from gan_tf.metrics.neighbors import nearest
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runtime.fixed_batch import FixedBatchModel


class Evaluation:
    """The data of a run, and scores of encoders on them.

    Args:
        run_dir: the folder of a run of --gan=bigan with labels and images that are held out.
        probes: "test": the images that are held out; "training": the last sixth of the training
            images, as the authors' are, with the others as the gallery.
        **location: where its data lie.
    """

    def __init__(self, run_dir, probes="test", **location):
        self.run_dir = run_dir
        self.trained = TrainedRun(run_dir)
        self.config = self.trained.config
        self.data = self.trained.data(**location)
        self.held_out = self.trained.held_out(**location)
        images, labels = self._images(self.data), self.data.labels
        if probes == "test":
            self.gallery, self.probes = images, self._images(self.held_out)
            self.labels = labels, self.held_out.labels
        else:
            parts = [slice(len(images) * 5 // 6), slice(len(images) * 5 // 6, None)]
            self.gallery, self.probes = (images[part] for part in parts)
            self.labels = [labels[part] for part in parts]
        self.epoch_steps = len(self.data) // self.config.batch_size

    def of_epoch(self, epoch):
        """Returns the row of results after an epoch; of 0 that of networks as they begin."""
        generator, encoder = self._networks(epoch)
        row = {"epoch": epoch, "step": epoch * self.epoch_steps}
        moving = self._scores(generator, encoder)
        self._average_again(generator, encoder)
        again = self._scores(generator, encoder)
        return row | again | {f"{name}_moving": value for name, value in moving.items()}

    def of_pixels(self):
        """Returns the row of the pixels themselves."""
        flat = [each.reshape(len(each), -1) for each in (self.gallery, self.probes)]
        return {"what": "pixels", "features": self._accuracy(*flat)}

    def of_encoder_afterwards(self, steps, seed=0):
        """Returns the row of an encoder trained against the run's frozen generator.

        Args:
            steps: updates, of 64 images each.
            seed: of its weights and of the order of the images.
        """
        keras.utils.set_random_seed(seed)
        total = run_objective(self.trained, afterwards.OBJECTIVES)
        made = afterwards.train(self.trained, total, self.data, steps, seed)
        row = {"what": "encoder trained afterwards", "step": self.trained.step, "steps": steps}
        return row | self._scores(self.trained.generator, made)

    def _networks(self, epoch):
        if epoch:
            trained = TrainedRun(self.run_dir, str(epoch * self.epoch_steps))
            return trained.generator, trained.network("encoder")
        keras.utils.set_random_seed(self.config.seed)
        names, shape = self.data.label_names, self.data.samples.shape[1:]
        gan = build.build(self.config, shape, names, total_steps=1)
        return gan.generator, gan.encoder

    def _scores(self, generator, encoder):
        named = self.trained.kind.cls.encoding(encoder, **self.trained.kind.options)
        found = [FixedBatchModel(named, 1000)(each) for each in (self.gallery, self.probes)]
        scores = {
            name: self._accuracy(*(each[name] for each in found)) for name in ("features", "codes")
        }
        made = FixedBatchModel(generator, 1000)(found[1]["codes"])
        return scores | {
            "error": self._error(self.probes, made),
            "error_of_next": self._error(self.probes, np.roll(made, -1, axis=0)),
        }

    def _accuracy(self, gallery, probes):
        """The accuracy of the nearest neighbor's label, k = 1, Euclidean; in percent."""
        indices, _ = nearest(probes, gallery)
        labels, true = self.labels
        return round(100 * float(np.mean(labels[indices] == true)), 2)

    def _error(self, images, made):
        """The mean Euclidean distance of images and others, as vectors of values from 0 to 1."""
        difference = (images - made).reshape(len(images), -1) / 2
        return round(float(np.mean(np.linalg.norm(difference, axis=1))), 3)

    def _average_again(self, generator, encoder):
        """Sets batch normalization's statistics to equal averages over training batches."""
        size = self.config.batch_size
        random = np.random.default_rng(self.config.seed)
        reals = iter(pipeline.batches(self.data, size, self.config.seed))
        norms = [
            each
            for network in (generator, encoder)
            for each in network._flatten_layers()
            if isinstance(each, keras.layers.BatchNormalization)
        ]
        for number in range(BATCHES):
            for norm in norms:
                norm.momentum = number / (number + 1)
            images = next(reals)
            encoder(images[0] if isinstance(images, tuple) else images, training=True)
            latents = random.standard_normal((size, self.config.latent_dim), np.float32)
            generator(latents, training=True)

    def _images(self, examples):
        return self.trained.modality.to_network(examples.samples)
