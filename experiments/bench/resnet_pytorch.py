"""The residual networks of `gan_tf.networks.resnet.ResNet` in PyTorch, for images of a power of two."""

import itertools

import torch
from torch import nn
from torch.nn import functional

from experiments.bench.job import map_sizes


def networks(job):
    """Returns the generator and the discriminator of a `Job`."""
    channels = [
        job.width * 2 ** min(level, 4) for level in range(len(map_sizes(job.image_shape[0])))
    ]
    generator = [
        nn.Linear(job.latent_dim, 4 * 4 * channels[-1]),
        nn.Unflatten(1, (channels[-1], 4, 4)),
        *itertools.starmap(_Up, itertools.pairwise(channels[::-1])),
        nn.BatchNorm2d(channels[0]),
        nn.ReLU(inplace=True),
        nn.Conv2d(channels[0], job.image_shape[-1], 3, padding=1),
        nn.Tanh(),
    ]
    inputs = [job.image_shape[-1], *channels[:-2]]
    blocks = [
        _Down(*each, first=not level) for level, each in enumerate(zip(inputs, channels[:-1]))
    ]
    discriminator = [*blocks, _Last(channels[-2]), nn.ReLU(), _Sum(), nn.Linear(channels[-2], 1)]
    return nn.Sequential(*generator), nn.Sequential(*discriminator)


class _Up(nn.Module):
    """A block of the generator: (batch, inputs, h, w) -> (batch, outputs, 2 h, 2 w)."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.shortcut = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)])
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)

    def forward(self, x):
        hidden = functional.interpolate(torch.relu(self.norms[0](x)), scale_factor=2)
        hidden = self.second(torch.relu(self.norms[1](self.first(hidden))))
        return hidden + functional.interpolate(self.shortcut(x), scale_factor=2)


class _Down(nn.Module):
    """A block of the discriminator: (batch, inputs, h, w) -> (batch, outputs, h/2, w/2)."""

    def __init__(self, inputs, outputs, first):
        super().__init__()
        self.is_first, hidden = first, outputs if first else inputs
        self.shortcut = nn.Conv2d(inputs, outputs, 1)
        self.first = nn.Conv2d(inputs, hidden, 3, padding=1)
        self.second = nn.Conv2d(hidden, outputs, 3, padding=1)

    def forward(self, x):
        hidden = self.first(x if self.is_first else torch.relu(x))
        hidden = functional.avg_pool2d(self.second(torch.relu(hidden)), 2)
        return hidden + self.shortcut(functional.avg_pool2d(x, 2))


class _Last(nn.Module):
    """The block of the discriminator that keeps the size of maps."""

    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return x + self.second(torch.relu(self.first(torch.relu(x))))


class _Sum(nn.Module):
    """The sum over positions."""

    def forward(self, x):
        return x.sum(dim=(2, 3))
