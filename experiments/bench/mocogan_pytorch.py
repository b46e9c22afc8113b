"""The same networks and training in PyTorch, in the form of `experiments.bench.pytorch`.

Frames fold into the batch, and convolutions over time are two-dimensional ones of (time, position), as in
gan_tf: on CPUs, that is faster than three-dimensional ones.
"""

import torch
from torch import nn

from experiments.bench import pytorch
from experiments.bench.job import Job, map_sizes
from experiments.bench.video_job import VideoJob

_TIME = 4  # frames of a kernel


class Training(pytorch.Training):
    """A loop of training steps.

    Args:
        **job: of a `VideoJob`.
    """

    job_type = VideoJob

    def networks(self, job):
        return [Generator(job), Discriminator(job)]

    def _tensor(self, images):
        return torch.from_numpy(images).permute(0, 1, 4, 2, 3)

    def _step(self, real):
        count, length = len(real), self.generator.length
        return self._update(
            real, lambda: self.generator(torch.randn(count, length)), self.discriminator
        )


class Generator(nn.Module):
    """Latents (batch, length) -> videos (batch, frames, channels, height, width).

    Attributes:
        length: of a latent.
    """

    def __init__(self, job):
        super().__init__()
        self._job = job
        self.length = job.content + job.motion * (job.frames + 1)
        self.motion = nn.GRU(job.motion, job.motion, batch_first=True)
        self.draw, _ = pytorch.networks(_of_frames(job))

    def forward(self, latents):
        job = self._job
        content, state, noise = latents.split(
            [job.content, job.motion, job.motion * job.frames], dim=1
        )
        codes, _ = self.motion(
            noise.reshape(-1, job.frames, job.motion), state.unsqueeze(0).contiguous()
        )
        whole = content.unsqueeze(1).expand(-1, job.frames, -1)
        made = self.draw(torch.cat([whole, codes.to(whole.dtype)], dim=2).flatten(0, 1))
        return made.unflatten(0, (-1, job.frames))


class Discriminator(nn.Module):
    """Videos (batch, frames, channels, height, width) -> logits of the video and of a frame, (batch, 2)."""

    def __init__(self, job):
        super().__init__()
        self.residual = job.backbone == "resnet"
        _, self.of_frame = pytorch.networks(_of_frames(job))
        self.of_space, self.of_time = nn.ModuleList(), nn.ModuleList()
        inputs, width, frames = 1, job.width, job.frames
        for level in range(len(map_sizes(job.size)) - 1):
            kernel, plain = min(_TIME, frames), self.residual
            convolve = nn.Conv2d(inputs, width, 4, 2, 1, bias=plain or not level)
            self.of_space.append(_normalized(convolve, width, plain or not level))
            convolve = nn.Conv2d(width, width, (kernel, 1), bias=plain)
            self.of_time.append(_normalized(convolve, width, plain))
            inputs, width, frames = width, 2 * width, frames - kernel + 1
        self.logit = nn.Linear(inputs if self.residual else frames * 16 * inputs, 1)
        pytorch.initialize(self)

    def forward(self, videos):
        count = len(videos)
        chosen = torch.randint(videos.shape[1], (count,))
        x = videos.flatten(0, 1)
        for of_space, of_time in zip(self.of_space, self.of_time):
            x = of_space(x.contiguous(memory_format=torch.channels_last))
            channels, height, across = x.shape[1:]
            # (batch, frames, positions, channels) in memory: rows are frames.
            x = x.permute(0, 2, 3, 1).reshape(count, -1, height * across, channels)
            x = of_time(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
            x = x.reshape(-1, height, across, channels).permute(0, 3, 1, 2)
        x = x.reshape(count, -1, *x.shape[1:])
        of_video = self.logit(x.sum(dim=(3, 4)).mean(dim=1) if self.residual else x.flatten(1))
        return torch.cat([of_video, self.of_frame(videos[torch.arange(count), chosen])], dim=1)


def _normalized(convolve, width, plain):
    """A convolution, batch normalization unless it is plain, and the activation."""
    norms = [] if plain else [nn.BatchNorm2d(width)]
    return nn.Sequential(convolve, *norms, nn.LeakyReLU(0.2, inplace=True))


def _of_frames(job):
    """The `Job` of the networks of frames."""
    return Job(
        job.backbone, job.shape[1:], job.width, job.batch_size, latent_dim=job.content + job.motion
    )
