"""Model cards: an exported generator's facts, training data, intended use and limits.

After Mitchell et al., "Model Cards for Model Reporting", 2019 (https://arxiv.org/abs/1810.03993).
"""

import pathlib

import keras
import tensorflow as tf

from gan_tf import __version__
from gan_tf.evaluation.report import direction
from gan_tf.exporters.exporter import CARD
from gan_tf.files.atomic_write import write as write_file
from gan_tf.files.json_file import read_json
from gan_tf.options.option import is_path
from gan_tf.registry import DATASETS, EXPORTERS, METRICS
from gan_tf.runs import kept_scores, metrics_log

NAME = CARD
SAMPLES = "samples.png"


def write(folder, exported, options, exporter, usage, check, notes):
    """Writes MODEL_CARD.md and, if there is a picture, samples.png.

    Args:
        folder: where the exported file is.
        exported: the `gan_tf.exporters.exported.Exported`.
        options: the options of `gan_tf.export`.
        exporter: the `Exporter` that wrote it.
        usage: lines of Python that use the file.
        check: `gan_tf.exporters.bundle.Check`, or any text, on how it was checked.
        notes: further sentences on the file.
    """
    folder = pathlib.Path(folder)
    picture = exported.picture()
    if picture:
        write_file(folder / SAMPLES, picture)
    text = _text(exported, options, exporter, usage, check, notes, bool(picture))
    write_file(folder / NAME, text.encode())


_LIMITS = """## Intended use and limits

For learning, teaching and research on generative models, and for {what} like those of the data.

* It was trained on the data set above only: it reproduces its biases, and what is rare or absent
  there is rare or absent here. Generated faces are of no real person, but can resemble one.
* GANs miss modes of their data; the scores, if any, say how much. Samples can be malformed, and
  single ones can resemble training data.
* Do not use it for evidence, to identify or deceive people, or as data for decisions about people.
  Disclose that its {what} are generated wherever they are used."""


def _text(exported, options, exporter, usage, check, notes, pictured):
    trained = exported.trained
    modality = trained.modality
    config, facts = trained.config, trained.run.read_data()
    sets = [DATASETS.entry(each) for each in (config.dataset, config.to_dataset) if each]
    terms = (each.attributes.get("terms", "not known to gan_tf") for each in sets)
    shape = exported.shape
    shape = modality.network_shape(shape) if options.dtype == "float32" else shape
    signatures = exporter.signatures(exported.inputs, shape, options.dtype)
    what = modality.plural
    beside = " of domain B, and those of domain A" if trained.direction else ""
    shown = f"![samples]({SAMPLES})\n\n{exported.caption}\n\n" if pictured else ""
    contract = f"\n{_list(exported.notes)}\n" if exported.notes else ""
    # Only the folder's name: its path is private.
    return f"""# {trained.run.path.resolve().name}: {exported.title}

{shown}{_table(exported, options, exporter)}

## Use

```python
{_example(exported)}{usage}```
{contract}
Functions in the file, by name:

{_list(signatures)}
{_classes(trained)}
{check}
{" ".join(notes)}

## Data

{" ".join(each.summary for each in sets)} Trained on {facts["num_examples"]:,} {what}{beside}.

Terms: {"; ".join(dict.fromkeys(terms))}. Find out whether and how they apply to
generated {what} before you publish or sell any.

## Health and scores

Health of the training: {_health(trained)}

{_scores(trained, exported.baselines)}

{_LIMITS.format(what=what)}

## Flags

```
{_flags(config)}
```
"""


def _table(exported, options, exporter):
    """What the file is, of what it was made, and by what."""
    trained = exported.trained
    config, modality = trained.config, trained.modality
    what = modality.plural
    seen = config.batch_size * config.discriminator_steps
    return f"""| | |
|---|---|
| what | the generator of a generative adversarial network (GAN): {exported.takes} to {what} |
| {what} | {modality.specify(trained.sample_shape, options.dtype)} |
| file | `{exporter.file}`: {EXPORTERS.entry(options.format).summary} |
| architecture | `{config.arch}`, {trained.generator.count_params():,} parameters |
| trained | {trained.step:,} steps of {seen} {what}, up to this checkpoint |
| exported by | gan_tf {__version__}, TensorFlow {tf.__version__}, Keras {keras.__version__} |"""


def _example(exported):
    return "\n".join(["import numpy as np", *exported.example(), ""])


def _classes(trained):
    if not trained.conditional:
        return ""
    names = (f"{number}: {name}" for number, name in enumerate(trained.label_names))
    return f"\nClasses: {', '.join(names)}.\n"


def _health(trained):
    try:
        facts = read_json(trained.run.health)
        return f"{facts['verdict']} (at step {facts['step']:,})."
    except (OSError, ValueError, KeyError, TypeError):
        return "not recorded."


def _scores(trained, baselines):
    """The scores of the checkpoint that `gan_tf.evaluate` kept, and the last that training logged."""
    kept = [each for each in kept_scores.read(trained.run) if each["step"] == trained.step]
    parts = [_evaluated(each, baselines) for each in kept]
    rows = [row for row in metrics_log.rows(trained.run.metrics) if row["step"] <= trained.step]
    logged = {
        name: (row["step"], row[name]) for row in rows for name in METRICS.names() if name in row
    }
    if logged:
        lines = ["Scores during training:", ""]
        lines += ["| score | value | at step | better |", "|---|---|---|---|"]
        for name, (step, value) in logged.items():
            lines.append(f"| {name} | {value:.4g} | {step:,} | {direction(name)} |")
        parts.append("\n".join([*lines, "", _compared(trained.config.feature_spec())]))
    none = "The run has not been scored; `python -m gan_tf.evaluate` scores it."
    return "\n\n".join(parts) or none


def _evaluated(entry, baselines):
    """The table of an entry of scores.json."""
    chosen = kept_scores.sampling(entry)
    samples = f"samples with {', '.join(chosen)}" if chosen else "samples"
    lines = [f"Scores of {samples} at step {entry['step']:,}:", ""]
    titles = " | ".join(["score", "value", *baselines, "better", "samples"])
    lines += [f"| {titles} |", "|---|---|---|---|---|---|"]
    for name, each in entry["metrics"].items():
        values = [
            f"{each[key]:.4g}" if key in each else "" for key in ("value", "floor", "ceiling")
        ]
        cells = [name, *values, direction(name), f"{each['n']:,}" if "n" in each else ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", _compared(entry["features"])])


def _compared(features):
    return f"In features of `{features}`: comparable only with scores in the same features."


def _flags(config):
    """The flags of the run, without paths."""
    kept = [each for each in config.to_flags() if not _is_path(config, each)]
    return "\n".join(kept)


def _is_path(config, flag):
    fields = {field.name: field for field in config.__dataclass_fields__.values()}
    name, _, value = flag.removeprefix("--").partition("=")
    return name in fields and is_path(fields[name], value)


def _list(texts):
    return "\n".join(f"* {each}" for each in texts)
