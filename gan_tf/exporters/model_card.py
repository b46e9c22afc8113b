"""Model cards: what an exported generator is, what it was trained on, and what it is good for.

After Mitchell et al., "Model Cards for Model Reporting", 2019 (https://arxiv.org/abs/1810.03993).
"""

import json
import pathlib

import keras
import tensorflow as tf

from gan_tf import __version__
from gan_tf.evaluation.report import direction
from gan_tf.files.atomic_write import write as write_file
from gan_tf.registry import DATASETS, EXPORTERS, METRICS
from gan_tf.runs import metrics_log

NAME = "MODEL_CARD.md"
SAMPLES = "samples.png"


def write(folder, trained, options, exporter, usage, check, told, samples):
    """Writes MODEL_CARD.md and samples.png.

    Args:
        folder: where the exported file is.
        trained: the `gan_tf.runs.trained_run.TrainedRun`.
        options: those of `gan_tf.export`.
        exporter: the `Exporter` that wrote it.
        usage: lines of Python that use it.
        check: `gan_tf.exporters.bundle.Check`, or any text, on how it was checked.
        told: sentences on it.
        samples: `trained` -> bytes of a PNG.
    """
    folder = pathlib.Path(folder)
    write_file(folder / SAMPLES, samples(trained))
    text = _text(trained, options, exporter, usage, check, told)
    write_file(folder / NAME, text.encode())


_LIMITS = """## Intended use and limits

For learning, teaching and research on generative models, and for {what} of the kind of the data.

* It knows the data set above and nothing else; what is rare or absent there is rare or absent here, and
  so are its biases. A generated face is meant to be nobody's, and may still resemble a real one.
* GANs leave out modes of their data; the scores say how much, where there are any. Samples may be
  malformed, and single ones may resemble some of the training data.
* It is not for evidence, for identifying or deceiving people, or as data on which decisions about
  people are based. Say that its {what} are generated where they are used."""


def _text(trained, options, exporter, usage, check, told):
    dtype, modality = options.dtype, trained.modality
    config, facts = trained.config, trained.run.read_data()
    entry = DATASETS.entry(config.dataset)
    signatures = exporter.signatures(
        trained.latent_dim, trained.image_shape, dtype, trained.conditional
    )
    what = modality.plural
    rows = "; a row a class, in order" if trained.conditional else ""
    takes = "latents and labels" if trained.conditional else "latents"
    seen = config.batch_size * config.discriminator_steps
    # The folder's name alone: where it lies is nobody's business.
    return f"""# {trained.run.path.resolve().name}: a generator of {what}

![samples]({SAMPLES})

Above are {what} made by the generator{rows} (seed 0, not chosen): each is generated, {modality.disclaimer}.

| | |
|---|---|
| what | the generator of a generative adversarial network (GAN): {takes} to {what} |
| {what} | {modality.specify(trained.image_shape, dtype)} |
| file | `{exporter.file}`: {EXPORTERS.entry(options.format).summary} |
| architecture | `{config.arch}`, {trained.generator.count_params():,} parameters |
| trained | {trained.step:,} steps of {seen} {what}; this is the checkpoint of that step |
| exported by | gan_tf {__version__}, TensorFlow {tf.__version__}, Keras {keras.__version__} |

## Use

```python
{_example(trained)}{usage}```

Functions, by name, of the file:

{_list(signatures)}
{_classes(trained)}
{check}
{" ".join(told)}

## Data

{entry.summary} {facts["num_examples"]:,} {what} were learnt from.

Terms: {entry.attributes.get("terms", "not known to gan_tf")}. Whether and how they bind what a generator
makes of them is for you to find out before you publish or sell any of it.

## Health and scores

Health of the training: {_health(trained)}

{_scores(trained)}

{_LIMITS.format(what=what)}

## Flags

```
{_flags(config)}
```
"""


def _example(trained):
    lines = [
        "import numpy as np",
        "random = np.random.default_rng(0)",
        f"latent = random.standard_normal((16, {trained.latent_dim}), np.float32)",
    ]
    if trained.conditional:
        lines.append(f"label = np.arange(16, dtype=np.int32) % {len(trained.label_names)}")
    return "\n".join([*lines, ""])


def _classes(trained):
    if not trained.conditional:
        return ""
    names = (f"{number}: {name}" for number, name in enumerate(trained.label_names))
    return f"\nClasses: {', '.join(names)}.\n"


def _health(trained):
    try:
        facts = json.loads(trained.run.health.read_text())
        return f"{facts['verdict']} (at step {facts['step']:,})."
    except (OSError, ValueError, KeyError, TypeError):
        return "not recorded."


def _scores(trained):
    """The scores that the run logged at the checkpoint's step, or before it."""
    rows = [row for row in metrics_log.rows(trained.run.metrics) if row["step"] <= trained.step]
    found = {
        name: (row["step"], row[name]) for row in rows for name in METRICS.names() if name in row
    }
    if not found:
        return "The run was not scored while it trained; `python -m gan_tf.evaluate` scores it."
    lines = ["| score | value | at step | better |", "|---|---|---|---|"]
    for name, (step, value) in found.items():
        lines.append(f"| {name} | {value:.4g} | {step:,} | {direction(name)} |")
    told = (
        f"In features of `{trained.config.feature_spec()}`: comparable with scores in these only."
    )
    return "\n".join([*lines, "", told])


def _flags(config):
    """What was learnt, and how; not where files were."""
    kept = [each for each in config.to_flags() if not _is_path(config, each)]
    return "\n".join(kept)


def _is_path(config, flag):
    fields = {field.name: field for field in config.__dataclass_fields__.values()}
    field = fields.get(flag.removeprefix("--").partition("=")[0])
    return field is not None and field.metadata["path"]


def _list(texts):
    return "\n".join(f"* {each}" for each in texts)
