"""How samples that are drawn token by token are steered: temperature and prompt."""

import dataclasses

import numpy as np

from gan_tf.errors import UserError
from gan_tf.registry import GANS

_DRAWN = -1  # in a prompt: not given


@dataclasses.dataclass(frozen=True)
class Steering:
    """The temperature of samples, and how they begin.

    Attributes:
        temperature: by which logits are divided, above 0; default 1.
        prompt: indices of the first tokens; default: none.
    """

    temperature: float = 1.0
    prompt: tuple = ()

    def inputs(self, count, length):
        """Returns what a steered sampler takes besides noise: see `gan_tf.networks.policy.steered`.

        Args:
            count: the number of samples.
            length: of a sample, in tokens.

        Returns:
            float32 (count,) and int32 (count, length).
        """
        prompt = np.full((count, length), _DRAWN, np.int32)
        prompt[:, : len(self.prompt)] = self.prompt
        return np.full(count, self.temperature, np.float32), prompt


def read(run, temperature=None, prompt=None):
    """Returns the `Steering` that flags ask for; None if they ask for none.

    Args:
        run: the `RunDir`.
        temperature: a float, or None.
        prompt: text, or None.

    Raises:
        UserError: when the run's samples cannot be steered, or cannot begin so.
    """
    given = {"temperature": temperature, "prompt": prompt}
    given = {name: value for name, value in given.items() if value is not None}
    kind = GANS.entry(run.config().gan)
    for name, value in given.items():
        if name not in kind.attributes["supported"]:
            kinds = [
                each.name for each in GANS.entries.values() if name in each.attributes["supported"]
            ]
            raise UserError(
                f"--{name}={value} is for samples that are drawn token by token, and those of "
                f"--gan={kind.name} are not: leave it out, or give a run of {' or '.join(kinds)}."
            )
    if not given:
        return None
    return Steering(temperature or 1.0, tokens_of(run, prompt or ""))


def tokens_of(run, prompt):
    """Returns the indices of a prompt's tokens, a tuple.

    Args:
        run: the `RunDir` of a run on tokens.
        prompt: text.

    Raises:
        UserError: when it has a token that the run's vocabulary lacks, or is as long as a sample.
    """
    (length,) = run.read_data()["sample_shape"]
    try:
        found = run.modality().indices(prompt)
    except ValueError as error:
        raise UserError(f"--prompt={prompt}: {error}.") from error
    if len(found) >= length:
        raise UserError(
            f"--prompt={prompt} has {len(found)} tokens, and the {run.modality().plural} of '{run.path}' "
            f"have {length}: give {length - 1} or fewer."
        )
    return tuple(found)


def check_path(config, options):
    """Refuses options of latents that are for samples which change smoothly with them.

    Args:
        config: the `Config` of a run.
        options: with any of the fields below.

    Raises:
        UserError: for the first that is set.
    """
    kind = GANS.entry(config.gan)
    if kind.attributes["smooth"]:
        return
    for name in ("interpolate", "walk", "arithmetic", "truncation"):
        value = getattr(options, name, None)
        if value is not None:
            raise UserError(
                f"--{name}={value} is for samples that change smoothly with their latents, and those of "
                f"--gan={kind.name} are drawn token by token: leave it out, or give --temperature."
            )
