"""The same WGAN-GP of sequences in PyTorch; Adam is the fused one."""

import time

import torch
import torch.nn.functional as F
from torch import nn

from experiments.bench.critic_job import CriticJob

_WARM_UP = 2  # steps
_BLOCKS, _KERNEL, _RESIDUAL, _PENALTY = 5, 5, 0.3, 10.0


class Block(nn.Module):
    """x + 0.3 f(x), f being twice a ReLU and a convolution of 5 positions."""

    def __init__(self, width):
        super().__init__()
        self.first, self.second = (
            nn.Conv1d(width, width, _KERNEL, padding="same") for _ in range(2)
        )

    def forward(self, x):
        return x + _RESIDUAL * self.second(F.relu(self.first(F.relu(x))))


class Training:
    """A loop of steps: some updates of the critic, then one of the generator on the last fakes.

    Args:
        **job: of a `CriticJob`.
    """

    def __init__(self, **job):
        self.job = CriticJob(**job)
        torch.manual_seed(0)
        self.generator, self.critic = networks(self.job)
        self.optimizers = [
            torch.optim.Adam(each.parameters(), 1e-4, betas=(0.5, 0.9), fused=True)
            for each in (self.generator, self.critic)
        ]
        self.real = torch.from_numpy(self.job.images()).transpose(1, 2).contiguous()
        self.train(_WARM_UP)

    def train(self, steps):
        """Runs training steps; returns how many seconds they took."""
        began = time.perf_counter()
        for _ in range(steps):
            *parts, last = self.real.chunk(self.job.critic_steps)
            for real in parts:
                with torch.no_grad():
                    fake = self._fakes(len(real))
                self._update_critic(real, fake)
            fake = self._fakes(len(last))
            self._update_critic(last, fake.detach())
            self.critic.requires_grad_(False)
            self._apply(self.optimizers[0], -self.critic(fake).mean())
            self.critic.requires_grad_(True)
        return time.perf_counter() - began

    def parameters(self):
        """Returns the number of trainable parameters."""
        networks = (self.generator, self.critic)
        return sum(each.numel() for network in networks for each in network.parameters())

    def penalty(self, real, fake):
        """Returns the gradient penalty at random points between reals and fakes."""
        weights = torch.rand(len(real), 1, 1)
        between = (real + weights * (fake - real)).requires_grad_()
        (gradient,) = torch.autograd.grad(self.critic(between).sum(), between, create_graph=True)
        return _PENALTY * (gradient.flatten(1).norm(dim=1) - 1).square().mean()

    def _fakes(self, count):
        return self.generator(torch.randn(count, self.job.latent_dim))

    def _update_critic(self, real, fake):
        loss = self.critic(fake).mean() - self.critic(real).mean()
        self._apply(self.optimizers[1], loss + self.penalty(real, fake))

    def _apply(self, optimizer, loss):
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


def networks(job):
    """Returns the generator and the critic of a `CriticJob`, on sequences (n, vocabulary, length)."""
    blocks = [[Block(job.width) for _ in range(_BLOCKS)] for _ in range(2)]
    generator = nn.Sequential(
        nn.Linear(job.latent_dim, job.length * job.width),
        nn.Unflatten(1, (job.width, job.length)),
        *blocks[0],
        nn.Conv1d(job.width, job.vocabulary, 1),
        nn.Softmax(dim=1),
    )
    critic = nn.Sequential(
        nn.Conv1d(job.vocabulary, job.width, 1),
        *blocks[1],
        nn.Flatten(),
        nn.Linear(job.length * job.width, 1),
    )
    return generator, critic
