"""The same networks and training in PyTorch, in the form of `experiments.bench.pytorch`."""

import torch
import torch.nn.functional as F
from torch import nn

from experiments.bench import pytorch
from experiments.bench.sound_job import SoundJob

_KERNEL, _STRIDE = 25, 4
_SHORTEST = 16  # the generator's first map
_RADIUS = 2  # of the shuffled phase


class Training(pytorch.Training):
    """A loop of training steps.

    Args:
        **job: of a `SoundJob`.
    """

    job_type = SoundJob

    def networks(self, job):
        return networks(job)

    def _tensor(self, images):
        return torch.from_numpy(images).transpose(1, 2).contiguous()


class PhaseShuffle(nn.Module):
    """Shifts maps (batch, channels, T) by up to 2 positions; what is missing is reflected."""

    def forward(self, x):
        start = int(torch.randint(2 * _RADIUS + 1, ()))
        padded = F.pad(x, (_RADIUS, _RADIUS), mode="reflect")
        return padded[..., start : start + x.shape[-1]]


def networks(job):
    """Returns the generator and the discriminator of a `SoundJob`, on clips (batch, 1, length)."""
    widths, start = [job.width], job.length // _STRIDE
    while start >= _SHORTEST * _STRIDE:
        widths.append(2 * widths[-1])
        start //= _STRIDE
    options = {"kernel_size": _KERNEL, "stride": _STRIDE, "padding": 11}
    generator = [
        nn.Linear(job.latent_dim, start * widths[-1]),
        nn.Unflatten(1, (widths[-1], start)),
        nn.ReLU(inplace=True),
    ]
    for inputs, outputs in zip(widths[:0:-1], widths[-2::-1]):
        up = nn.ConvTranspose1d(inputs, outputs, **options, output_padding=1)
        generator += [up, nn.ReLU(inplace=True)]
    generator += [nn.ConvTranspose1d(job.width, 1, **options, output_padding=1), nn.Tanh()]
    discriminator = []
    for level, (inputs, outputs) in enumerate(zip([1, *widths], widths)):
        discriminator += [nn.Conv1d(inputs, outputs, **options), nn.LeakyReLU(0.2, inplace=True)]
        discriminator += [PhaseShuffle()] * (level < len(widths) - 1)
    discriminator += [nn.Flatten(), nn.Linear(start * widths[-1], 1)]
    return nn.Sequential(*generator), nn.Sequential(*discriminator)
