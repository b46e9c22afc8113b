"""StyleGAN2 in PyTorch: the networks of `gan_tf.networks.stylegan2`, in the form that is fastest on CPUs.

As there, styles scale the inputs and outputs of convolutions that all images share, which needs no
grouped ones; mapping network and the end of the discriminator stay in float32.
"""

import math

import torch
from torch import nn
from torch.nn import functional

_STYLE_DIM = 128
_MAPPING, _RATE = 4, 0.01  # layers of the mapping network, and their learning rate
_MAX_WIDTH = 128
_SMALLEST = 7  # the largest map to begin with
_GROUP = 4  # images in a group of minibatch standard deviation
_TAPS = torch.tensor([1.0, 3.0, 3.0, 1.0])


def networks(job):
    """Returns the generator and the discriminator of a `Job`."""
    return Generator(job), Discriminator(job)


def widths(job):
    """The sizes of maps, the smallest first, and their channels."""
    sizes = [job.image_shape[0]]
    while sizes[0] > _SMALLEST:
        sizes.insert(0, sizes[0] // 2)
    return sizes, [min(job.width * (sizes[-1] // each), _MAX_WIDTH) for each in sizes]


class Linear(nn.Module):
    """A linear layer with an equalized learning rate."""

    def __init__(self, inputs, outputs, rate=1.0, start=0.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / rate)
        self.bias = nn.Parameter(torch.full((outputs,), start / rate))
        self.scale, self.rate = rate / math.sqrt(inputs), rate

    def forward(self, x):
        return functional.linear(x, self.weight * self.scale, self.bias * self.rate)


class Conv(nn.Module):
    """A convolution with an equalized learning rate; with `down`, after a blur, with stride 2."""

    def __init__(self, inputs, outputs, size, down=False, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.scale, self.size, self.down = 1 / math.sqrt(inputs * size**2), size, down

    def forward(self, x):
        weight = self.weight * self.scale
        if self.down:
            return functional.conv2d(blur(x, self.size // 2 + 1), weight, self.bias, stride=2)
        return functional.conv2d(x, weight, self.bias, padding=self.size // 2)


class Modulated(nn.Module):
    """A convolution whose kernel a style scales, with noise and activation if it is demodulated.

    Args:
        inputs, outputs: channels.
        size: of the kernel.
        up: whether it doubles the map.
        demodulate: whether it is one of the image's features, not of its colors.
    """

    def __init__(self, inputs, outputs, size=3, up=False, demodulate=True):
        super().__init__()
        self.style = Linear(_STYLE_DIM, inputs, start=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.strength = nn.Parameter(torch.zeros(())) if demodulate else None
        self.scale, self.up, self.demodulate = 1 / math.sqrt(inputs * size**2), up, demodulate

    def forward(self, x, w):
        style, weight = self.style(w), self.weight * self.scale
        y = x * style[..., None, None].to(x.dtype)
        if self.up:
            y = functional.conv_transpose2d(y, weight.transpose(0, 1), stride=2)
            y = blur(y, 1, gain=4)
        else:
            y = functional.conv2d(y, weight, padding=weight.shape[-1] // 2)
        if self.demodulate:
            with torch.autocast("cpu", enabled=False):
                energies = weight.square().sum((2, 3))
                norms = functional.linear(style.float().square(), energies)
                factors = torch.rsqrt(norms + 1e-8)
            y = y * factors[..., None, None].to(y.dtype)
        y = y + self.bias[:, None, None].to(y.dtype)
        if not self.demodulate:
            return y
        noise = torch.randn(len(y), 1, *y.shape[2:], dtype=y.dtype)
        return activated(y + self.strength.to(y.dtype) * noise)


class Generator(nn.Module):
    """latents (batch, n) -> images (batch, channels, H, W)."""

    def __init__(self, job):
        super().__init__()
        sizes, channels = widths(job)
        lengths = [job.latent_dim, *[_STYLE_DIM] * _MAPPING]
        self.mapping = nn.ModuleList(
            Linear(each, _STYLE_DIM, rate=_RATE) for each in lengths[:_MAPPING]
        )
        self.map = nn.Parameter(torch.randn(channels[0], sizes[0], sizes[0]))
        self.convolutions, self.colors = nn.ModuleList(), nn.ModuleList()
        before = channels[0]
        for level, width in enumerate(channels):
            for up in (True, False) if level else (False,):
                self.convolutions.append(Modulated(before, width, up=up))
                before = width
            self.colors.append(Modulated(width, job.image_shape[-1], 1, demodulate=False))

    def forward(self, latents):
        with torch.autocast("cpu", enabled=False):
            w = latents * torch.rsqrt(latents.square().mean(1, keepdim=True) + 1e-8)
            for layer in self.mapping:
                w = activated(layer(w))
        x, image = self.map.expand(len(w), -1, -1, -1), None
        convolutions = iter(self.convolutions)
        for level, color in enumerate(self.colors):
            for _ in range(2 if level else 1):
                x = next(convolutions)(x, w)
            made = color(x, w).float()
            image = made if image is None else doubled(image) + made
        return image


class Discriminator(nn.Module):
    """images (batch, channels, H, W) -> logits (batch, 1)."""

    def __init__(self, job):
        super().__init__()
        sizes, channels = widths(job)
        self.first = Conv(job.image_shape[-1], channels[-1], 1)
        self.blocks = nn.ModuleList()
        for level in range(len(sizes) - 1, 0, -1):
            width, wider = channels[level], channels[level - 1]
            parts = [Conv(width, wider, 1, bias=False), Conv(width, width, 3)]
            self.blocks.append(nn.ModuleList([*parts, Conv(width, wider, 3, down=True)]))
        self.last = Conv(channels[0] + 1, channels[0], 3)
        self.hidden = Linear(channels[0] * sizes[0] ** 2, channels[0])
        self.logits = Linear(channels[0], 1)

    def forward(self, images):
        x = activated(self.first(images))
        for shortcut, first, second in self.blocks:
            beside = shortcut(blur(x, 1, stride=2))
            x = (activated(second(activated(first(x)))) + beside) * math.sqrt(0.5)
        with torch.autocast("cpu", enabled=False):
            x = activated(self.last(with_deviation(x.float())))
            x = x.permute(0, 2, 3, 1).flatten(1)  # as Keras flattens
            return self.logits(activated(self.hidden(x)))


def activated(x):
    """LeakyReLU(0.2) times the root of 2."""
    return functional.leaky_relu(x, 0.2) * math.sqrt(2)


def blur(x, margin, gain=1.0, stride=1):
    """Convolves each channel with [1, 3, 3, 1] / 8 along both axes, after padding."""
    kernel = torch.outer(_TAPS, _TAPS).to(x.dtype) * (gain / 64)
    kernel = kernel.expand(x.shape[1], 1, 4, 4)
    return functional.conv2d(x, kernel, stride=stride, padding=margin, groups=x.shape[1])


def doubled(x):
    """Doubles maps through [1, 3, 3, 1] / 4."""
    kernel = (torch.outer(_TAPS, _TAPS) / 16).expand(x.shape[1], 1, 4, 4)
    return functional.conv_transpose2d(x, kernel, stride=2, padding=1, groups=x.shape[1])


def with_deviation(x):
    """Appends the mean standard deviation over groups of the batch, which `_GROUP` divides."""
    groups = len(x) // _GROUP
    parts = x.reshape(_GROUP, groups, *x.shape[1:])
    deviations = (parts.var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3)).repeat(_GROUP)
    plane = deviations[:, None, None, None].expand(-1, 1, *x.shape[2:])
    return torch.cat([x, plane], 1)
