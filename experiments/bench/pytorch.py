"""The same networks and training in PyTorch, in its fastest form on CPUs.

Images are channels_last, "mixed_bfloat16" is `torch.autocast`, Adam is the fused one, and the
generator's update computes no gradients of the discriminator's weights.
"""

import itertools
import math
import time

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from experiments.bench import machine, resnet_pytorch, stylegan2_pytorch
from experiments.bench.job import Job, map_sizes

_WARM_UP = 2  # steps


class Training:
    """A loop of training steps.

    Attributes:
        job_type: what the job is: `Job`, or `PairJob`.

    Args:
        **job: of a job of that type.
    """

    job_type = Job

    def __init__(self, **job):
        self.job = job = self.job_type(**job)
        torch.manual_seed(0)
        self.trained = self.networks(job)
        for network in self.trained:
            network.to(memory_format=torch.channels_last).train()
        self.generator, self.discriminator = [*self.trained, None][:2]
        self.optimizers = [
            torch.optim.Adam(network.parameters(), 2e-4, betas=(0.5, 0.999), fused=True)
            for network in self.trained
        ]
        self.images = self._tensors(job)
        self.loss = nn.BCEWithLogitsLoss()
        self.train(_WARM_UP)

    def networks(self, job):
        """Returns the networks that are trained: the generator, and the discriminator, if any."""
        return networks(job)

    def train(self, steps):
        """Runs training steps; returns how many seconds they took."""
        began = time.perf_counter()
        losses = torch.zeros(2)
        for real in self._batches(steps):
            losses += self._step(real)
        losses.tolist()
        return time.perf_counter() - began

    def parameters(self):
        """Returns the number of trainable parameters."""
        return sum(each.numel() for network in self.trained for each in network.parameters())

    def matrix_peak(self, seconds=1.5, sizes=(1024, 2048, 4096)):
        """Returns the peak FLOP/s of a matrix product, the best of several sizes and both precisions."""
        return machine.fastest_product(_product, (torch.float32, torch.bfloat16), seconds, sizes)

    def _tensors(self, job):
        """The images of a job in memory."""
        return self._tensor(job.images())

    def _tensor(self, images):
        images = torch.from_numpy(images).permute(0, 3, 1, 2)
        return images.contiguous(memory_format=torch.channels_last)

    def _batches(self, steps):
        size = self.job.batch_size
        if not self.job.fit:
            yield from [self.images] * steps
            return
        per_epoch = len(self.images) // size
        for step in range(steps):
            if step % per_epoch == 0:
                order = torch.randperm(len(self.images))
            start = step % per_epoch * size
            yield self.images[order[start : start + size]]

    def _step(self, real):
        """Runs one training step; returns both losses."""
        count, latent_dim = len(real), self.job.latent_dim
        return self._update(
            real, lambda: self.generator(torch.randn(count, latent_dim)), self.discriminator
        )

    def _update(self, real, generate, discriminate, content=lambda fake: 0.0):
        """Updates both networks; returns both losses.

        Args:
            real: images.
            generate: returns as many generated images.
            discriminate: images -> logits.
            content: images -> what is added to the generator's loss.
        """
        for_generator, for_discriminator = self.optimizers
        with cast(self.job):
            fake = generate()
            of_real, of_fake = discriminate(real), discriminate(fake.detach())
        discriminator_loss = self._against(of_real, 1.0) + self._against(of_fake, 0.0)
        self._apply(for_discriminator, discriminator_loss)

        self.discriminator.requires_grad_(False)
        with cast(self.job):
            of_fake = discriminate(fake)
        generator_loss = self._against(of_fake, 1.0) + content(fake)
        self._apply(for_generator, generator_loss)
        self.discriminator.requires_grad_(True)
        return torch.stack([generator_loss.detach(), discriminator_loss.detach()])

    def _apply(self, optimizer, loss):
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    def _against(self, logits, target):
        logits = logits.float()
        return self.loss(logits, torch.full_like(logits, target))


class Sampling:
    """A generator in evaluation mode, without gradients.

    Args:
        **job: of a `Job`.
    """

    def __init__(self, **job):
        self.job = Job(**job)
        self.generator, _ = networks(self.job)
        self.generator.to(memory_format=torch.channels_last).eval()
        self.sample(2)

    @torch.inference_mode()
    def sample(self, batches):
        """Generates batches of uint8 images; returns how many seconds it took."""
        began = time.perf_counter()
        for _ in range(batches):
            with cast(self.job):
                made = self.generator(torch.randn(self.job.batch_size, self.job.latent_dim))
            ((made.float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).numpy()
        return time.perf_counter() - began


class Feed:
    """A `DataLoader` of images in memory, with the fastest number of workers: none.

    Images are random, which makes no difference here. Each is scaled separately, as by transforms.

    Args:
        count: images in the data set.
        image_shape: (height, width, channels).
        batch_size: images per batch.
    """

    def __init__(self, count, image_shape, batch_size):
        height, width, channels = image_shape
        images = _Scaled(torch.randint(0, 256, (count, channels, height, width), dtype=torch.uint8))
        self.loader = DataLoader(images, batch_size, shuffle=True, drop_last=True)
        self.batches = iter(self.loader)
        self.read(20)

    def read(self, batches):
        """Reads batches; returns how many seconds it took."""
        began = time.perf_counter()
        for _ in range(batches):
            if next(self.batches, None) is None:
                self.batches = iter(self.loader)
        return time.perf_counter() - began


class _Scaled(Dataset):
    def __init__(self, pixels):
        self.pixels = pixels

    def __len__(self):
        return len(self.pixels)

    def __getitem__(self, index):
        return self.pixels[index].float() / 127.5 - 1


def cast(job):
    """Returns the context of a job's precision."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=job.precision == "mixed_bfloat16")


def networks(job):
    """Returns the generator and the discriminator of a `Job`."""
    made = {
        "dcgan": _dcgan,
        "mlp": _mlp,
        "resnet": resnet_pytorch.networks,
        "stylegan2": stylegan2_pytorch.networks,
    }
    return made[job.arch](job)


def _dcgan(job):
    sizes = map_sizes(job.image_shape[0])
    width = job.width * 2 ** (len(sizes) - 2)
    generator = [
        nn.Linear(job.latent_dim, 4 * 4 * width, bias=False),
        nn.Unflatten(1, (width, 4, 4)),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    ]
    for size in sizes[-2:0:-1]:
        # To 7 pixels: where Keras's "same" cuts one column from the left and, with what is then
        # cropped, two from the right, this cuts two and one; the work is the same.
        edges = {"padding": 2, "output_padding": 1} if size % 2 else {"padding": 1}
        generator += [
            nn.ConvTranspose2d(width, width // 2, 4, stride=2, bias=False, **edges),
            nn.BatchNorm2d(width // 2),
            nn.ReLU(inplace=True),
        ]
        width //= 2
    channels = job.image_shape[-1]
    generator += [nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1), nn.Tanh()]

    discriminator = [
        nn.Conv2d(channels, width, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
    ]
    for size in sizes[1:-1]:
        discriminator += [
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1 + size % 2, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2, inplace=True),
        ]
        width *= 2
    discriminator += [nn.Flatten(), nn.Linear(4 * 4 * width, 1)]
    made = nn.Sequential(*generator), nn.Sequential(*discriminator)
    for network in made:
        initialize(network)
    return made


def _product(dtype, size):
    a = torch.randn(size, size).to(dtype)
    return lambda: a @ a


def initialize(network):
    """Draws the weights of dense layers and convolutions from N(0, 0.02)."""
    for layer in network.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(layer.weight, 0.0, 0.02)


def _mlp(job):
    height, width, channels = job.image_shape
    units = [job.latent_dim, job.width, 2 * job.width, 4 * job.width]
    generator = []
    for inputs, outputs in itertools.pairwise(units):
        generator += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2, inplace=True)]
    generator += [nn.Linear(units[-1], math.prod(job.image_shape)), nn.Tanh()]
    generator += [nn.Unflatten(1, (channels, height, width))]
    units = [math.prod(job.image_shape), 2 * job.width, job.width]
    discriminator = [nn.Flatten()]
    for inputs, outputs in itertools.pairwise(units):
        discriminator += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2, inplace=True)]
    return nn.Sequential(*generator), nn.Sequential(*discriminator, nn.Linear(units[-1], 1))
