"""The same SeqGAN in PyTorch, in its fastest form on CPUs.

The recurrence over given tokens is `nn.LSTM`, a step of it the operation of `nn.LSTMCell` on the same
weights, Adam is the fused one, and rollouts start from stored prefix states, all rows at once. Tokens are
drawn by cumulative sums: `torch.multinomial` takes 30 times as long for 5,000 tokens.
"""

import time

import torch
import torch.nn.functional as F
from torch import nn

from experiments.bench.sequence_job import SequenceJob
from gan_tf.networks.text_cnn import DROPOUT, EMBEDDING, FILTERS, scaled

_WARM_UP = 2  # steps
_DECAY = 0.1  # of the discriminator's last weights


class Generator(nn.Module):
    """An embedding, an LSTM with one bias, and a linear layer."""

    def __init__(self, job):
        super().__init__()
        self.vocabulary, self.length, self.units = job.vocabulary, job.length, job.width
        self.embedding = nn.Embedding(job.vocabulary + 1, job.width)
        self.lstm = nn.LSTM(job.width, job.width, batch_first=True)
        self.project = nn.Linear(job.width, job.vocabulary)
        for each in self.parameters():
            nn.init.normal_(each, 0.0, 0.1)
        nn.init.zeros_(self.lstm.bias_hh_l0)
        self.lstm.bias_hh_l0.requires_grad_(False)

    def log_likelihoods(self, tokens):
        start = torch.full_like(tokens[:, :1], self.vocabulary)
        outputs, _ = self.lstm(self.embedding(torch.cat([start, tokens[:, :-1]], dim=1)))
        logits = self.project(outputs)
        losses = F.cross_entropy(logits.flatten(0, 1), tokens.flatten(), reduction="none")
        return -losses.view(tokens.shape)

    def start(self, batch):
        state = torch.zeros(batch, self.units)
        return torch.full((batch,), self.vocabulary), (state, state)

    def advance(self, tokens, state):
        lstm = self.lstm
        weights = lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0, lstm.bias_hh_l0
        return torch.lstm_cell(self.embedding(tokens), state, *weights)

    @torch.no_grad()
    def continued(self, tokens, last, state, first):
        """Draws the tokens from `first` on, in place; returns the states before each token."""
        states = []
        for at in range(first, self.length):
            states.append(state)
            state = self.advance(last, state)
            last = tokens[:, at] = _drawn(F.softmax(self.project(state[0]), dim=1))
        return states

    def draw(self, batch):
        tokens = torch.empty(batch, self.length, dtype=torch.long)
        return tokens, self.continued(tokens, *self.start(batch), 0)


class Discriminator(nn.Module):
    """Convolutions over 1 to 20 tokens, their maxima, a highway layer, dropout, a linear layer."""

    def __init__(self, job):
        super().__init__()
        values = scaled(EMBEDDING, job.width)
        sizes = {size: scaled(n, job.width) for size, n in FILTERS.items() if size <= job.length}
        units = sum(sizes.values())
        self.embedding = nn.Embedding(job.vocabulary, values)
        self.convolutions = nn.ModuleList(nn.Conv1d(values, n, size) for size, n in sizes.items())
        self.hidden, self.gate = nn.Linear(units, units), nn.Linear(units, units)
        self.dropout, self.last = nn.Dropout(DROPOUT), nn.Linear(units, 1)

    def forward(self, tokens):
        embedded = self.embedding(tokens).transpose(1, 2)
        x = torch.cat([F.relu(each(embedded)).amax(dim=2) for each in self.convolutions], dim=1)
        gate = torch.sigmoid(self.gate(x))
        x = gate * F.relu(self.hidden(x)) + (1 - gate) * x
        return self.last(self.dropout(x))[:, 0]


def _drawn(chances):
    """Draws a column of each row of probabilities, (n, columns)."""
    sums = chances.cumsum(dim=1)
    drawn = torch.rand(len(chances), 1) * sums[:, -1:]
    return torch.searchsorted(sums, drawn)[:, 0].clamp_(max=chances.shape[1] - 1)


class Training:
    """A loop of adversarial steps.

    Args:
        **job: of a `SequenceJob`.
    """

    def __init__(self, **job):
        self.job = SequenceJob(**job)
        torch.manual_seed(0)
        self.generator, self.discriminator = Generator(self.job), Discriminator(self.job)
        rates = {self.generator: 0.01, self.discriminator: 1e-4}
        self.optimizers = [
            torch.optim.Adam(_trained(network), rate, fused=True) for network, rate in rates.items()
        ]
        self.real = torch.from_numpy(self.job.images()).long()
        self.loss = nn.BCEWithLogitsLoss()
        self.train(_WARM_UP)

    def train(self, steps):
        """Runs adversarial steps; returns how many seconds they took."""
        began = time.perf_counter()
        for _ in range(steps):
            self._update_generator()
            self._update_discriminator()
        return time.perf_counter() - began

    def parameters(self):
        """Returns the number of trainable parameters."""
        networks = (self.generator, self.discriminator)
        return sum(each.numel() for network in networks for each in _trained(network))

    @torch.no_grad()
    def rewards(self, tokens, states):
        """Returns the mean score of the completions of each prefix, (batch, length)."""
        self.discriminator.eval()
        count, found = self.job.rollouts, []
        for at in range(1, self.job.length):
            made = tokens.repeat(count, 1)
            state = tuple(each.repeat(count, 1) for each in states[at])
            self.generator.continued(made, made[:, at - 1].clone(), state, at)
            scores = torch.sigmoid(self.discriminator(made))
            found.append(scores.view(count, -1).mean(dim=0))
        found.append(torch.sigmoid(self.discriminator(tokens)))
        self.discriminator.train()
        return torch.stack(found, dim=1)

    def _update_generator(self):
        tokens, states = self.generator.draw(self.job.batch_size)
        rewards = self.rewards(tokens, states)
        loss = -(self.generator.log_likelihoods(tokens) * rewards).sum()
        self._apply(self.optimizers[0], loss)

    def _update_discriminator(self):
        fake, _ = self.generator.draw(self.job.batch_size)
        of_real, of_fake = self.discriminator(self.real), self.discriminator(fake)
        loss = self.loss(of_real, torch.ones_like(of_real))
        loss = loss + self.loss(of_fake, torch.zeros_like(of_fake))
        loss = loss + _DECAY * self.discriminator.last.weight.square().sum()
        self._apply(self.optimizers[1], loss)

    def _apply(self, optimizer, loss):
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


class Sampling:
    """Drawing of sequences.

    Args:
        **job: of a `SequenceJob`.
    """

    def __init__(self, **job):
        self.job = SequenceJob(**job)
        self.generator = Generator(self.job)
        self.sample(2)

    @torch.inference_mode()
    def sample(self, batches):
        """Draws batches of sequences; returns how many seconds it took."""
        began = time.perf_counter()
        for _ in range(batches):
            tokens, _ = self.generator.draw(self.job.batch_size)
            tokens.int().numpy()
        return time.perf_counter() - began


def _trained(network):
    return [each for each in network.parameters() if each.requires_grad]
