"""Transfer learning: a run that starts from the weights of another one."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.gans.build import networks_only
from gan_tf.networks.freezing import freeze
from gan_tf.registry import REPRESENTATIONS
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.training_state import read_networks

_NAMED = 12  # new layers that are listed


@dataclasses.dataclass(frozen=True)
class Transfer:
    """What `start_from` did.

    Attributes:
        path: of the run.
        step: of its checkpoint.
        counts: {"generator": (transferred layers, all layers), ...}.
        fresh: {"generator": names of the layers that were not transferred}.
        remark: a sentence about what the weights may not be good for; "": there is none.
    """

    path: str
    step: int
    counts: dict
    fresh: dict
    remark: str = ""

    def __str__(self):
        taken = ", ".join(f"{name} {n} of {of}" for name, (n, of) in self.counts.items())
        lines = [f"Starts from the layers of '{self.path}' at step {self.step:,}: {taken}."]
        names = [f"{net}'s {layer}" for net, layers in self.fresh.items() for layer in layers]
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            lines.append(f"Newly initialized: {', '.join(names[:_NAMED])}{more}.")
        return "\n".join(filter(None, [*lines, self.remark]))


def start_from(gan, path, frozen=0, representation=None):
    """Copies the weights of a trained run into a GAN's networks, wherever layers match.

    Layers match if they have the same kind and shape and are in the same order, counted from
    the image (Keras's names depend on what was built before). So with another image size the
    layers near the image match, and with another number of channels all but those next to it.
    The weights of both networks and of those that tricks add are copied; the EMA generator's come
    from the EMA generator, or else from the generator. Optimizers start from scratch.

    Args:
        gan: a compiled `BaseGAN` that has not been trained.
        path: the folder of the run; its last checkpoint is used.
        frozen: how many levels of the discriminator are frozen (see `networks.freezing`).
        representation: what the GAN's networks see of samples, as --representation; None: samples.

    Returns:
        `Transfer`.

    Raises:
        UserError: when the run cannot be used, no layer matches, or a frozen layer has no match.
    """
    run = RunDir(path)
    config, facts = run.config(), run.read_data()
    shape = config.modality(facts.get("traits")).network_shape(facts["sample_shape"])
    names = tuple(facts["label_names"])
    trained = networks_only(config, shape, names, facts.get("source_shape", ())).networks
    store = CheckpointStore(run.checkpoints)
    step = store.restore(read_networks(trained))
    if step is None:
        raise UserError(
            f"'{path}' has no checkpoint yet: train it until its first one, or give another --init_from."
        )
    counts, fresh = _copy(trained, gan)
    remark = _remark(path, config.representation, representation)
    if not any(counts[name][0] for name in gan.network_names):
        raise UserError(
            f"No layer of the networks matches one of '{path}' in kind and shape: give that run's "
            f"--arch={config.arch}, with its widths and norms, or leave out --init_from. {remark}".strip()
        )
    _freeze(gan, frozen, fresh, path)
    return Transfer(path, step, counts, fresh, remark)


def _remark(path, theirs, ours):
    """A sentence if the networks of a run saw another representation of samples than ours do, else ""."""
    if len({each and repr(REPRESENTATIONS.canonical(each)) for each in (theirs, ours)}) == 1:
        return ""
    saw, see = (
        f"--representation={each}" if each else "no --representation" for each in (theirs, ours)
    )
    return (
        f"The run in '{path}' has {saw}, this one {see}: its layers have learned another form of "
        "samples."
    )


def _copy(trained, gan):
    """Copies the weights of matching layers; returns the `counts` and `fresh` of a `Transfer`.

    `trained` are the networks of the other run by name.
    """
    counts, fresh = {}, {}
    for name, network in gan.networks.items():
        if name in gan.averages:
            # As if it had averaged the trained network so far.
            network.set_weights(gan.networks[gan.averages[name]].get_weights())
            for layer, theirs in _pairs(trained.get(name), network):
                layer.set_weights(theirs.get_weights())
            continue
        ours, pairs = _layers(network), _pairs(trained.get(name), network)
        for layer, theirs in pairs:
            layer.set_weights(theirs.get_weights())
        counts[name] = len(pairs), len(ours)
        taken = {id(layer) for layer, _ in pairs}
        fresh[name] = [layer.name for layer in ours if id(layer) not in taken]
    return counts, fresh


def _freeze(gan, frozen, fresh, path):
    """Freezes the lowest levels of the critics, all of whose weights must be from the run."""
    useless = set()
    for name in gan.critics:
        useless |= {each.name for each in freeze(gan.networks[name], frozen)} & set(fresh[name])
    if useless:
        raise UserError(
            f"--freeze_discriminator={frozen} would freeze layers that '{path}' has no weights for "
            f"({', '.join(sorted(useless))}): freeze fewer, or none."
        )


def _layers(network):
    """The layers with weights, in the network's order, including those of nested networks."""
    found = []
    for layer in network.layers:
        if hasattr(layer, "layers"):
            found += _layers(layer)
        elif layer.weights:
            found.append(layer)
    return found


def _pairs(theirs, ours):
    """Returns [(layer of ours, layer of theirs)] that match.

    They are the common subsequence with the most parameters; on a tie, the one nearest to the
    image.
    """
    if theirs is None:
        return []
    ours, theirs = _from_the_image(ours), _from_the_image(theirs)
    kinds = [[_kind(layer) for layer in each] for each in (ours, theirs)]
    # best[i][j]: the most parameters in common from ours[i] and theirs[j] on.
    best = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]

    def matched(i, j):
        alike = kinds[0][i] == kinds[1][j]
        return best[i + 1][j + 1] + ours[i].count_params() if alike else -1

    for i in reversed(range(len(ours))):
        for j in reversed(range(len(theirs))):
            best[i][j] = max(matched(i, j), best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(ours) and j < len(theirs):
        if best[i][j] == matched(i, j):
            pairs.append((ours[i], theirs[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _from_the_image(network):
    layers = _layers(network)
    return layers[::-1] if len(network.inputs[0].shape) == 2 else layers  # from latents to images


def _kind(layer):
    return type(layer), [(weight.name, tuple(weight.shape)) for weight in layer.weights]
