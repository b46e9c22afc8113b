"""The same networks and training in PyTorch, in the form of `experiments.bench.pytorch`."""

import torch
from torch import nn

from experiments.bench import pytorch
from experiments.bench.job import PairJob
from experiments.bench.pairs.pytorch import PatchGAN

_HALVINGS = 2
_BLOCKS = 6  # as published for images below 256 pixels
_CYCLE, _IDENTITY = 10.0, 5.0


class Training(pytorch.Training):
    """A loop of training steps, with one optimizer for each two networks.

    Args:
        **job: of a `PairJob`.
    """

    job_type = PairJob

    def networks(self, job):
        """Returns the generators, A to B and B to A, and the discriminators of B and of A."""
        generators = [Translator(job) for _ in range(2)]
        return [nn.ModuleList(generators), nn.ModuleList(PatchGAN(job, 0) for _ in range(2))]

    def _tensors(self, job):
        return tuple(map(self._tensor, job.images().values()))

    def _step(self, pair):
        sources, reals = pair, pair[::-1]
        generators, discriminators = self.trained
        with pytorch.cast(self.job):
            fakes = [generator(each) for generator, each in zip(generators, sources)]
            logits = [
                (discriminator(real), discriminator(fake.detach()))
                for discriminator, real, fake in zip(discriminators, reals, fakes)
            ]
        of_discriminators = sum(
            _squared(of_real.float() - 1) + _squared(of_fake.float()) for of_real, of_fake in logits
        )
        self._apply(self.optimizers[1], of_discriminators)

        discriminators.requires_grad_(False)
        of_generators = 0.0
        for index in range(2):
            with pytorch.cast(self.job):
                logits = discriminators[index](fakes[index])
                restored = generators[1 - index](fakes[index])
                same = generators[index](reals[index])
            of_generators += _squared(logits.float() - 1)
            of_generators += _CYCLE * nn.functional.l1_loss(restored.float(), sources[index])
            of_generators += _IDENTITY * nn.functional.l1_loss(same.float(), reals[index])
        self._apply(self.optimizers[0], of_generators)
        discriminators.requires_grad_(True)
        return torch.stack([of_generators.detach(), of_discriminators.detach() / 2])


class Translator(nn.Module):
    """CycleGAN's generator, with six residual blocks and instance normalization."""

    def __init__(self, job):
        super().__init__()
        width, channels = job.width, job.source_shape[-1]
        layers = [*_reflected(channels, width, 7), nn.ReLU()]
        for _ in range(_HALVINGS):
            layers += [nn.Conv2d(width, 2 * width, 3, 2, 1, bias=False), *_normalized(2 * width)]
            width *= 2
        layers += [Block(width) for _ in range(_BLOCKS)]
        for _ in range(_HALVINGS):
            layers += [nn.ConvTranspose2d(width, width // 2, 3, 2, 1, 1, bias=False)]
            layers += _normalized(width // 2)
            width //= 2
        last = nn.Conv2d(width, job.image_shape[-1], 7)
        self.layers = nn.Sequential(*layers, nn.ReflectionPad2d(3), last, nn.Tanh())
        pytorch.initialize(self)

    def forward(self, images):
        return self.layers(images)


class Block(nn.Module):
    """A residual block."""

    def __init__(self, width):
        super().__init__()
        inside, outside = _reflected(width, width, 3), _reflected(width, width, 3)
        self.layers = nn.Sequential(*inside, nn.ReLU(), *outside)

    def forward(self, x):
        return x + self.layers(x)


def _reflected(inputs, outputs, kernel):
    return [
        nn.ReflectionPad2d(kernel // 2),
        nn.Conv2d(inputs, outputs, kernel, bias=False),
        nn.InstanceNorm2d(outputs, affine=True),
    ]


def _normalized(width):
    return [nn.InstanceNorm2d(width, affine=True), nn.ReLU()]


def _squared(values):
    return values.square().mean() / 2
