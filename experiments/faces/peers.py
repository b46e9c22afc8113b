"""Recipes of other libraries' tutorials, as these have them, fed from memory.

PyTorch: https://docs.pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html, and
https://github.com/pytorch/examples/tree/main/dcgan, whose digits have 64 pixels; networks and training
of both are the same. TensorFlow: https://www.tensorflow.org/tutorials/generative/dcgan.
"""

import abc
import importlib
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from PIL import Image

SAVED_EVERY = 60  # seconds of training
_SEED = 0  # of the latents that are scored
_CHUNK = 250


class Peer(abc.ABC):
    """The base class: a training, a step at a time.

    Args:
        samples: uint8 (n, H, W, C).
        seed: of everything random.

    Attributes:
        step: how many steps have been made.
    """

    batch_size = 128

    def __init__(self, samples, seed):
        self.step = 0
        self._samples = samples
        self._order = np.random.default_rng(seed)
        self._rows = []

    def train_step(self):
        """Makes a step on the next batch of a shuffled pass over the images."""
        if len(self._rows) < self.batch_size:
            self._rows = self._order.permutation(len(self._samples))
        rows, self._rows = np.split(self._rows, [self.batch_size])
        self.update(self._samples[rows])
        self.step += 1

    def generate(self, count):
        """Returns uint8 (count, H, W, C), the same latents each time."""
        latents = np.random.default_rng(_SEED).standard_normal((count, 100), np.float32)
        parts = [self.images(latents[at : at + _CHUNK]) for at in range(0, count, _CHUNK)]
        return np.concatenate([np.uint8(np.round((each + 1) * 127.5)) for each in parts])

    @abc.abstractmethod
    def update(self, pixels):
        """Updates the networks with a batch, uint8 (batch_size, H, W, C)."""

    @abc.abstractmethod
    def images(self, latents):
        """Returns float32 (n, H, W, C) in [-1, 1]."""


class PyTorchFaces(Peer):
    """PyTorch's tutorial: 64x64, batches of 128."""

    def __init__(self, samples, seed):
        super().__init__(samples, seed)
        # Triton, which PyTorch for GPUs brings along, crashes when it is loaded after TensorFlow.
        sys.modules.setdefault("triton", None)
        self._torch = torch = importlib.import_module("torch")
        torch.manual_seed(seed)
        self._networks = [each(samples.shape[-1]) for each in (self._generator, self._judge)]
        self._optimizers = [
            torch.optim.Adam(each.parameters(), lr=2e-4, betas=(0.5, 0.999))
            for each in self._networks
        ]
        self._loss = torch.nn.BCELoss()

    def update(self, pixels):
        torch, (generator, judge) = self._torch, self._networks
        for_generator, for_judge = self._optimizers
        real = torch.from_numpy(pixels.transpose(0, 3, 1, 2) / np.float32(127.5) - 1)
        ones, zeros = torch.ones(len(real)), torch.zeros(len(real))
        judge.zero_grad()
        self._loss(judge(real).view(-1), ones).backward()
        fake = generator(torch.randn(len(real), 100, 1, 1))
        self._loss(judge(fake.detach()).view(-1), zeros).backward()
        for_judge.step()
        generator.zero_grad()
        self._loss(judge(fake).view(-1), ones).backward()
        for_generator.step()

    def images(self, latents):
        generator = self._networks[0]
        generator.eval()
        with self._torch.inference_mode():
            made = generator(self._torch.from_numpy(latents)[..., None, None]).numpy()
        generator.train()
        return made.transpose(0, 2, 3, 1)

    def save(self, path):
        """Writes the state to a file."""
        parts = [each.state_dict() for each in (*self._networks, *self._optimizers)]
        self._torch.save({"step": self.step, "parts": parts}, path)

    def load(self, path):
        """Restores the state."""
        state = self._torch.load(path, weights_only=True)
        self.step = state["step"]
        for each, found in zip((*self._networks, *self._optimizers), state["parts"]):
            each.load_state_dict(found)

    def _generator(self, channels):
        nn, made = self._torch.nn, []
        for inputs, outputs, stride in ((100, 512, 1), (512, 256, 2), (256, 128, 2), (128, 64, 2)):
            padding = stride - 1
            made += [nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False)]
            made += [nn.BatchNorm2d(outputs), nn.ReLU(True)]
        made += [nn.ConvTranspose2d(64, channels, 4, 2, 1, bias=False), nn.Tanh()]
        return nn.Sequential(*made).apply(self._initialize)

    def _judge(self, channels):
        nn = self._torch.nn
        made = [nn.Conv2d(channels, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
        for inputs in (64, 128, 256):
            made += [nn.Conv2d(inputs, 2 * inputs, 4, 2, 1, bias=False)]
            made += [nn.BatchNorm2d(2 * inputs), nn.LeakyReLU(0.2, inplace=True)]
        made += [nn.Conv2d(512, 1, 4, 1, 0, bias=False), nn.Sigmoid()]
        return nn.Sequential(*made).apply(self._initialize)

    def _initialize(self, layer):
        nn = self._torch.nn
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.02)
            nn.init.zeros_(layer.bias)


class PyTorchDigits(PyTorchFaces):
    """PyTorch's example on MNIST: digits enlarged to 64x64, batches of 64; scored at their own size."""

    batch_size = 64

    def __init__(self, samples, seed):
        self._size = samples.shape[1]
        super().__init__(_resized(samples, 64), seed)

    def generate(self, count):
        return _resized(super().generate(count), self._size)


class TensorFlowDigits(Peer):
    """TensorFlow's tutorial: 28x28, batches of 256."""

    batch_size = 256

    def __init__(self, samples, seed):
        super().__init__(samples, seed)
        keras.utils.set_random_seed(seed)
        keras.config.set_dtype_policy("float32")
        self._generator, self._judge = self._networks()
        self._optimizers = [keras.optimizers.Adam(1e-4) for _ in range(2)]
        for optimizer, network in zip(self._optimizers, (self._generator, self._judge)):
            optimizer.build(network.trainable_variables)
        self._update = tf.function(self._updated)
        self._checkpoint = tf.train.Checkpoint(
            generator=self._generator,
            judge=self._judge,
            for_generator=self._optimizers[0],
            for_judge=self._optimizers[1],
            step=tf.Variable(0, dtype=tf.int64),
        )

    def update(self, pixels):
        self._update(tf.constant((pixels - np.float32(127.5)) / np.float32(127.5)))

    def images(self, latents):
        return np.asarray(self._generator(latents, training=False))

    def save(self, path):
        """Writes the state beside a file, which says where."""
        self._checkpoint.step.assign(self.step)
        path.write_text(self._checkpoint.write(str(path.parent / "state")))

    def load(self, path):
        """Restores the state."""
        self._checkpoint.read(path.read_text()).assert_consumed()
        self.step = int(self._checkpoint.step.numpy())

    def _updated(self, real):
        cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
        noise = tf.random.normal((self.batch_size, 100))
        with tf.GradientTape() as for_generator, tf.GradientTape() as for_judge:
            fake = self._generator(noise, training=True)
            of_real = self._judge(real, training=True)
            of_fake = self._judge(fake, training=True)
            generator_loss = cross_entropy(tf.ones_like(of_fake), of_fake)
            judge_loss = cross_entropy(tf.ones_like(of_real), of_real)
            judge_loss += cross_entropy(tf.zeros_like(of_fake), of_fake)
        networks = self._generator, self._judge
        parts = zip((for_generator, for_judge), (generator_loss, judge_loss), networks)
        gradients = [tape.gradient(loss, each.trainable_variables) for tape, loss, each in parts]
        for optimizer, found, network in zip(self._optimizers, gradients, networks):
            optimizer.apply_gradients(zip(found, network.trainable_variables))

    @staticmethod
    def _networks():
        def up(filters, stride, **options):
            options = {"padding": "same", "use_bias": False} | options
            return layers.Conv2DTranspose(filters, 5, stride, **options)

        generator = keras.Sequential(
            [
                keras.Input((100,)),
                layers.Dense(7 * 7 * 256, use_bias=False),
                layers.BatchNormalization(),
                layers.LeakyReLU(),
                layers.Reshape((7, 7, 256)),
                up(128, 1),
                layers.BatchNormalization(),
                layers.LeakyReLU(),
                up(64, 2),
                layers.BatchNormalization(),
                layers.LeakyReLU(),
                up(1, 2, activation="tanh"),
            ]
        )
        judge = [keras.Input((28, 28, 1))]
        for filters in (64, 128):
            judge += [layers.Conv2D(filters, 5, 2, "same"), layers.LeakyReLU(), layers.Dropout(0.3)]
        return generator, keras.Sequential([*judge, layers.Flatten(), layers.Dense(1)])


def _resized(samples, size):
    """Gray images, uint8 (n, H, W, 1), at another size, with antialiasing."""
    resized = [
        Image.fromarray(each[..., 0]).resize((size, size), Image.Resampling.BILINEAR)
        for each in samples
    ]
    return np.stack([np.asarray(each) for each in resized])[..., None]
