"""A trained run, loaded for inference."""

import dataclasses
import functools

import numpy as np

from gan_tf import latents
from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.errors import UserError
from gan_tf.gans import build
from gan_tf.gans.discriminator_output import DiscriminatorOutput, with_named_outputs
from gan_tf.modalities.image import picture
from gan_tf.networks.translator import Size
from gan_tf.runs import choices, likelihood
from gan_tf.runs.blending import blended
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.training_state import read_networks
from gan_tf.runtime import precision
from gan_tf.runtime.chunk import CHUNK, chunks
from gan_tf.runtime.fixed_batch import FixedBatchModel


class TrainedRun:
    """The networks of a run, restored from one of its checkpoints, in inference mode.

    Args:
        run_dir: the folder, or a `RunDir`.
        checkpoint: "last", "best", or a step.
        direction: of a run that translates both ways, "a_to_b" (default) or "b_to_a"; samples and sources
            are those of this direction.

    Attributes:
        run: the `RunDir`.
        config: its `Config`.
        step: of the checkpoint.
        modality: of its samples (see `gan_tf.modalities`).
        sample_shape: of a stored sample, such as (height, width, channels).
        source_shape: of what a translation starts from; () of a run that generates from latents.
        label_names: the names of the classes or attributes of its data; () without labels.
        class_frequencies: how many samples of each class the data have.
        direction: as given, or the first that there is; None: the run has no two.
        conditional: whether the generator takes labels.
        latent_dim: the length of a latent.
        has_encoder: whether its GAN has an encoder.
        kind: the `gan_tf.gans.build.Kind` of GAN.
        generator_name: the name of its generator among the networks of the kind.
        generator: the `keras.Model` that samples come from, the EMA generator if the run has
            one: latents (batch, latent_dim), or [latents, labels], -> (batch, H, W, C) in [-1, 1];
            of a translation, sources -> outputs.
        generate: the same as a `FixedBatchModel`.
        chunk: how many samples are computed at once.

    Raises:
        UserError: when there is no run, no usable checkpoint, or no such direction.

    Example:

        trained = TrainedRun("runs/demo")
        indices = range(64)
        normal = latents.draw(0, indices, trained.latent_dim)
        samples = trained.samples(normal, trained.choose_labels(0, indices))
        logits = trained.discriminate(samples).logits
    """

    def __init__(self, run_dir, checkpoint="last", direction=None):
        self.run = run_dir if isinstance(run_dir, RunDir) else RunDir(run_dir)
        self.config = self.run.config()
        facts = self.run.read_data()
        self.modality = self.config.modality(facts.get("traits"))
        self._shapes = tuple(facts["sample_shape"]), tuple(facts.get("source_shape", ()))
        self.label_names = tuple(facts["label_names"])
        self.conditional = bool(self.config.conditional)
        self.class_frequencies = facts.get("label_counts") or [1] * len(self.label_names)
        directory, steps = choices.steps_of(self.run, str(checkpoint))
        if checkpoint in ("last", "best"):
            steps = None  # a training can replace them at any time
        self._store = CheckpointStore(directory)
        self.kind = build.kind(self.config)
        self.has_encoder = bool(self.kind.cls.encoder_name)
        self._restored = {}
        self.direction, self.generator_name = self.kind.translation(direction)
        self._reversed = self.generator_name != "generator"
        self.sample_shape, self.source_shape = self._shapes[:: -1 if self._reversed else 1]
        self.generator = self.build_network(self.generator_name)
        self.latent_dim = self.generator.inputs[0].shape[-1]
        made = self.generator.output_shape[1:]
        if made not in (self._network_shape, self.sample_shape):
            raise UserError(
                f"'{self.run.data}' is damaged: its samples have the shape {self._network_shape}, and "
                f"those of the generator that flags.txt describes {made}."
            )
        name = build.sampler_of(self.config, self.generator_name)
        reader = read_networks({name: self.generator})
        self.step = self._store.restore(reader, steps)
        self.generate = FixedBatchModel(self.generator)
        self.chunk = CHUNK

    @property
    def discriminator(self):
        """The discriminator: see `gan_tf.networks.build.discriminator`; restored on first use."""
        return self.network("discriminator")

    def network(self, name):
        """Returns a network of the run's kind of GAN, restored on first use.

        Args:
            name: its name, such as "discriminator".
        """
        if name not in self._restored:
            network = self.build_network(name)
            self._store.restore(read_networks({name: network}), [self.step])
            self._restored[name] = network
        return self._restored[name]

    def translator(self, blend=None, policy=None, any_size=True, mixed=True):
        """Builds the generator of a translation, with its weights.

        Args:
            blend: None, or from 0 to 1: the share of its weights, the others being those of the run
                that it started from (see `gan_tf.runs.blending`).
            policy: as for `build_network`.
            any_size: whether it takes images of any size; otherwise those of training.
            mixed: whether that of a conditional run takes mixtures of classes, not labels.

        Returns:
            A `keras.Model` from sources (batch, h, w, C) in [-1, 1], and mixtures (batch, classes) or
            labels; the number that must divide h and w; and how many times larger outputs are.

        Raises:
            UserError: when there is no such run, or its generator has other weights.
        """
        size = Size.of(self.source_shape, self.sample_shape)
        network = self.build_network(self.generator_name, policy, any_size, mixed)
        weights = self.generator.get_weights()
        if blend is not None:
            first = TrainedRun(self.config.init_from, direction=self.direction)
            weights = blended(self, first, blend)
        network.set_weights(weights)
        return network, self._spec.architecture.multiple(size), size.scale

    def build_network(self, name, policy=None, any_size=False, mixed=False):
        """Builds a network of the run, without restoring it.

        Args:
            name: its name.
            policy: the dtype policy of its layers; None: the run's.
            any_size, mixed: of a translation's generator, as for `translator`.
        """
        spec = dataclasses.replace(self._spec, any_size=any_size, mixed=mixed)
        with precision.policy(policy or precision.resolve(self.config.precision)):
            return self.kind.network(name, spec)

    def inputs(self, normal, labels=None):
        """Returns what `generator` takes.

        Args:
            normal: latents from N(0, I), (n, latent_dim), whatever the run's prior.
            labels: int (n,); None: drawn with the class frequencies of the data, the k-th
                always the same.

        Returns:
            The latents, or, if the run is conditional, [latents, labels].
        """
        if not self.conditional:
            return normal
        if labels is None:
            labels = self.choose_labels(0, range(len(normal)))
        return [normal, np.asarray(labels, np.int32)]

    def choose_labels(self, seed, indices, label=None):
        """Returns the classes of generated samples.

        Args:
            seed: an int, at least 0.
            indices: an iterable of ints, the samples' indices; a class depends on seed and index.
            label: the name or index of one class for all; None: with the class frequencies of
                the data.

        Returns:
            int64 (n,), or None if the run is not conditional.

        Raises:
            UserError: for an unknown class, or for any if the run is not conditional.
        """
        if label is not None:
            return np.full(len(list(indices)), self.class_index(label), np.int64)
        return (
            latents.draw_labels(seed, indices, self.class_frequencies) if self.conditional else None
        )

    def class_index(self, label):
        """Returns the index of the class with this name, or index.

        Raises:
            UserError: when there is no such class, or the run is not conditional.
        """
        return choices.class_index(label, self.label_names, self.run.path, self.conditional)

    def samples(self, normal, labels=None, batch_size=None, steering=None):
        """Generates samples, each of which depends on its latent and label alone.

        Args:
            normal, labels: as for `inputs`.
            batch_size: how many are computed at once, default `chunk`; the last batch is padded. A small
                one is faster for a few samples; another one can change the last bits of outputs.
            steering: a `gan_tf.runs.steering.Steering`, of a run whose samples are drawn token by token;
                None: as trained.

        Returns:
            Stored samples, (n, *sample_shape); of images, uint8.
        """
        batch_size = batch_size or self.chunk
        inputs = self.inputs(normal, labels)
        inputs = inputs if self.conditional else [inputs]
        generate = self._steered if steering else self.generate
        if steering:
            inputs = [*inputs, *steering.inputs(len(normal), *self.sample_shape)]
        made = np.empty((len(normal), *self.sample_shape), self.modality.stored_dtype)
        for part in chunks(len(normal), batch_size):
            outputs = generate(*(each[part] for each in inputs), size=batch_size)
            made[part] = self.modality.to_stored(outputs)
        return made

    def nll(self, samples):
        """Returns the negative log-likelihood of samples under the generator, nats per token.

        Args:
            samples: stored samples (n, length) of a run whose samples are drawn token by token.

        Returns:
            float64 (n,): see `gan_tf.runs.likelihood.nll`.
        """
        return likelihood.nll(self.kind.cls, self.generator, self.modality, samples)

    def images(self, count=16, seed=0, label=None):
        """Generates samples as `gan_tf.generate` does, the k-th always the same.

        Args:
            count: how many.
            seed: of their latents and classes.
            label: as for `choose_labels`.

        Returns:
            Stored samples, (count, *sample_shape); of images, uint8.

        Raises:
            UserError: as for `choose_labels`, and for a seed or a count below 0.
        """
        for name, value in (("count", count), ("seed", seed)):
            if not isinstance(value, (int, np.integer)) or value < 0:
                raise UserError(f"{name}={value!r}: give a whole number, 0 or more.")
        labels = self.choose_labels(seed, range(count), label)
        return self.samples(latents.draw(seed, range(count), self.latent_dim), labels)

    def picture(self, count=16, seed=0, label=None):
        """Returns samples side by side as a `PIL.Image`, for notebooks; see `images`."""
        return picture(self.modality.sheet(self.images(count, seed, label)))

    def encode(self, samples):
        """Encodes samples, each independently of the others.

        Args:
            samples: stored samples, or, if these are integers, floats as networks see them.

        Returns:
            float32 (n, latent_dim), in the space of latents from N(0, I); the mean of a Gaussian
            posterior.

        Raises:
            UserError: when the run has no encoder.
        """
        return self._encoded(samples, "codes")

    def encoder_features(self, samples):
        """Returns the inputs of the encoder's last layer, float32 (n, f), for samples as in `encode`."""
        return self._encoded(samples, "features")

    @functools.cached_property
    def encoding(self):
        """The encoder with its outputs by name, a `keras.Model`: see `BiGAN.encoding`.

        Raises:
            UserError: when the run has no encoder.
        """
        if not self.has_encoder:
            raise UserError(
                f"The run in '{self.run.path}' has no encoder: give a run of --gan=bigan."
            )
        return self.kind.cls.encoding(self.network("encoder"), **self.kind.options)

    def discriminate(self, samples, labels=None):
        """Runs the discriminator, in inference mode, without what tricks do to its inputs.

        Args:
            samples: stored samples, or, if these are integers, floats as networks see them.
            labels: int (n,), for a discriminator that takes labels; None: class 0 for all.
                A discriminator of pairs gets the codes of the samples instead.

        Returns:
            `DiscriminatorOutput` of arrays, its logits float32 (n,).

        Raises:
            UserError: when the discriminator sees packs of samples, and for samples or labels of
                another shape.
        """
        self.modality.check_samples(samples, self.sample_shape, self.run.path)
        if labels is not None and np.shape(labels) != (len(samples),):
            raise UserError(
                f"labels has the shape {np.shape(labels)}: give ({len(samples)},), one class for each of "
                f"the {self.modality.plural}."
            )
        if self.config.packing > 1:
            raise UserError(
                f"The discriminator of '{self.run.path}' scores packs of {self.config.packing} "
                f"{self.modality.plural} (--packing), not single ones: use a run without --packing."
            )
        found = []
        for part in chunks(len(samples)):
            seen = self._as_networks_see(samples[part])
            inputs = [seen, self.encode(seen)] if self.has_encoder else [seen]
            if not self.has_encoder and len(self.discriminator.inputs) > 1:
                inputs.append(np.zeros(len(seen)) if labels is None else labels[part])
            found.append(self._discriminate(*inputs))
        joined = {name: np.concatenate([each[name] for each in found]) for name in found[0]}
        logits = joined.pop("logits").reshape(len(samples), -1).mean(axis=1)
        return DiscriminatorOutput(logits, **joined)

    def data(self, **changes):
        """Decodes the data set that the run was trained on.

        Args:
            **changes: fields of `Config` that replace the run's, such as `data_dir`.

        Returns:
            `gan_tf.data.examples.Examples`.

        Raises:
            UserError: when the data set is no longer there or has changed.
        """
        config, source = self.source(**changes)
        data = pipeline.load(source, config.cache_mb << 20, config.cache_dir)
        if data.samples.shape[1:] != self.sample_shape:
            raise UserError(
                f"The samples of '{source.name}' have shape {data.samples.shape[1:]} and those of the run "
                f"in '{self.run.path}' {self.sample_shape}: the data set has changed."
            )
        return data

    def held_out(self, **changes):
        """Decodes the held-out samples of its data set.

        Args:
            **changes: as for `data`.

        Returns:
            `Examples`, or None if there are none.
        """
        _, source = self.source(**changes)
        return pipeline.load_held_out(source)

    def source(self, **changes):
        """Returns the `Config` with the changes, and its data set, its classes in the run's order."""
        config = dataclasses.replace(self.config, **changes)
        found = datasets.build(config, self.label_names)
        return config, found.reversed() if self._reversed else found

    def _encoded(self, samples, name):
        self.modality.check_samples(samples, self.sample_shape, self.run.path)
        parts = [self._as_networks_see(samples[each]) for each in chunks(len(samples))]
        return np.concatenate([self._encode(each)[name] for each in parts])

    def _as_networks_see(self, samples):
        """Stored samples scaled for the networks; others are returned unchanged."""
        is_stored = samples.dtype == self.modality.stored_dtype
        return self.modality.to_network(samples) if is_stored else samples

    @property
    def _network_shape(self):
        return self.modality.network_shape(self.sample_shape)

    @functools.cached_property
    def _spec(self):
        made, source = self._shapes
        shape = self.modality.network_shape(made)
        return build.network_spec(self.config, shape, len(self.label_names), source_shape=source)

    @functools.cached_property
    def _steered(self):
        return FixedBatchModel(self.kind.cls.steered(self.generator))

    @functools.cached_property
    def _encode(self):
        return FixedBatchModel(self.encoding)

    @functools.cached_property
    def _discriminate(self):
        return FixedBatchModel(with_named_outputs(self.discriminator))
