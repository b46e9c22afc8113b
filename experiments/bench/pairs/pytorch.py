"""The same networks and training in PyTorch, in the form of `experiments.bench.pytorch`."""

import torch
from torch import nn

from experiments.bench import pytorch
from experiments.bench.job import PairJob

_SLOPE = 0.2
_DROPPED = 3  # blocks of the decoder with dropout
_LEVELS = 6  # of the U-Net, for 64 pixels
_BLOCKS = 16  # of SRResNet


class Training(pytorch.Training):
    """A loop of training steps.

    Args:
        **job: of a `PairJob`.
    """

    job_type = PairJob

    def networks(self, job):
        return [SRResNet(job)] if job.arch == "srresnet" else [UNet(job), PatchGAN(job)]

    def _tensors(self, job):
        return tuple(map(self._tensor, job.images().values()))

    def _step(self, pair):
        source, target = pair
        if len(self.optimizers) == 2:
            return self._update(
                target,
                lambda: self.generator(source),
                lambda images: self.discriminator(images, source),
                lambda fake: 100 * nn.functional.l1_loss(fake.float(), target),
            )
        with pytorch.cast(self.job):
            made = self.generator(source)
        loss = nn.functional.l1_loss(made.float(), target)
        self._apply(self.optimizers[0], loss)
        return torch.stack([loss.detach(), torch.zeros(())])


class UNet(nn.Module):
    """pix2pix's U-Net for images of 64 pixels, with instance normalization."""

    def __init__(self, job):
        super().__init__()
        widths = [job.width * min(2**level, 8) for level in range(_LEVELS)]
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        channels = job.source_shape[-1]
        for level, width in enumerate(widths):
            inside = 0 < level < _LEVELS - 1
            layers = [nn.LeakyReLU(_SLOPE)] if level else []
            layers += [nn.Conv2d(channels, width, 4, 2, 1, bias=not inside)]
            layers += [nn.InstanceNorm2d(width, affine=True)] if inside else []
            self.down.append(nn.Sequential(*layers))
            channels = width
        for level in reversed(range(1, _LEVELS)):
            width = widths[level - 1]
            layers = [nn.ReLU(), nn.ConvTranspose2d(channels, width, 4, 2, 1, bias=False)]
            layers += [nn.InstanceNorm2d(width, affine=True)]
            layers += [nn.Dropout(0.5)] if level >= _LEVELS - _DROPPED else []
            self.up.append(nn.Sequential(*layers))
            channels = 2 * width
        last = nn.ConvTranspose2d(channels, job.image_shape[-1], 4, 2, 1)
        self.last = nn.Sequential(nn.ReLU(), last, nn.Tanh())
        pytorch.initialize(self)

    def forward(self, x):
        skips = []
        for layer in self.down:
            x = layer(x)
            skips.append(x)
        skips.pop()
        for layer in self.up:
            x = torch.cat([layer(x), skips.pop()], 1)
        return self.last(x)


class PatchGAN(nn.Module):
    """A PatchGAN of two layers: targets or outputs, and sources, if any -> logits.

    Args:
        job: a `PairJob`.
        sources: channels of sources; default: as those of the job.
    """

    def __init__(self, job, sources=None):
        super().__init__()
        width = job.width
        channels = job.image_shape[-1] + (job.source_shape[-1] if sources is None else sources)
        layers = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(_SLOPE)]
        for inputs, stride in ((width, 2), (2 * width, 1)):
            layers += [
                nn.Conv2d(inputs, 2 * inputs, 4, stride, 1, bias=False),
                nn.InstanceNorm2d(2 * inputs, affine=True),
                nn.LeakyReLU(_SLOPE),
            ]
        self.layers = nn.Sequential(*layers, nn.Conv2d(4 * width, 1, 4, 1, 1))
        pytorch.initialize(self)

    def forward(self, images, source=None):
        return self.layers(images if source is None else torch.cat([source, images], 1))


class SRResNet(nn.Module):
    """SRResNet, whose output is added to the enlarged source."""

    def __init__(self, job):
        super().__init__()
        width, channels = job.width, job.image_shape[-1]

        def block():
            return nn.Sequential(
                nn.Conv2d(width, width, 3, 1, 1),
                nn.PReLU(width),
                nn.Conv2d(width, width, 3, 1, 1),
            )

        self.first = nn.Sequential(nn.Conv2d(channels, width, 9, 1, 4), nn.PReLU(width))
        self.blocks = nn.ModuleList(block() for _ in range(_BLOCKS))
        self.joined = nn.Conv2d(width, width, 3, 1, 1)
        layers = []
        for _ in range(2):
            layers += [nn.Conv2d(width, 4 * width, 3, 1, 1), nn.PixelShuffle(2), nn.PReLU(width)]
        self.last = nn.Sequential(*layers, nn.Conv2d(width, channels, 9, 1, 4))

    def forward(self, source):
        x = first = self.first(source)
        for block in self.blocks:
            x = x + block(x)
        x = self.last(first + self.joined(x))
        return x + nn.functional.interpolate(source, scale_factor=4, mode="bilinear")
