"""Implementation of `gan_tf.evaluate`: scores runs and folders of images, detects copies."""

import dataclasses
import json

import numpy as np

from gan_tf.data import build as datasets
from gan_tf.data import given_images, pipeline
from gan_tf.data.represented import measured
from gan_tf.errors import UserError
from gan_tf.evaluation import memorization, published_scores, ranks, report
from gan_tf.evaluation.build import evaluator as evaluator_of
from gan_tf.evaluation.generator_measures import GeneratorMeasures
from gan_tf.evaluation.report import Report
from gan_tf.files.atomic_write import write
from gan_tf.messages import progress_bar, show
from gan_tf.modalities import image as images
from gan_tf.options.data import DataSet
from gan_tf.registry import FEATURES, GANS
from gan_tf.runs import directions, kept_scores, steering
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.ensemble import Ensemble
from gan_tf.sampling.image_translator import translated
from gan_tf.sampling.rejection_sampler import RejectionSampler


def score_runs(options, runs, configs):
    """Scores the runs, prints a table, and writes the files that the options name.

    Args:
        options: the options of `gan_tf.evaluate`.
        runs: `RunDir`s.
        configs: the `Config` of each, with the options of the real images.

    Raises:
        UserError: when a run has no such checkpoint, or the metrics do not fit the data.
    """
    groups = {}  # runs on the same data share decoded images and a table
    for run, config in zip(runs, configs):
        # The order of classes can differ between runs.
        key = config.examples_key(), config.features, tuple(run.read_data()["label_names"])
        key += (GANS.entry(config.gan).attributes["pairing"],)
        groups.setdefault(key, []).append((run, config))
    made, texts = [], []
    for group in groups.values():
        run, config = group[0]
        source, data = _load(config, run)
        for direction in GANS.entry(config.gan).attributes["directions"] or (None,):
            if direction == "b_to_a":
                config, source, data = (each.reversed() for each in (config, source, data))
            evaluator = evaluator_of(config, source, data, options.metric, options.num_images)
            found = _score_group(options, group, evaluator, direction, texts)
            texts.append(report.table(found))
            made += found
    if options.json:
        content = [each.to_json() for each in made]
        one = options.run_dir and len(content) == 1
        _write_json(options.json, content[0] if one else {"runs": content})
    if options.plot:
        report.plot(runs, options.plot)
        texts.append(f"Scores over training: {options.plot}")
    show("\n".join(texts))


def _score_group(options, group, evaluator, direction, texts):
    """Scores runs on the same data, in one direction; returns their `Report`s."""
    table = []
    for run, config in group:
        trained = TrainedRun(run, options.checkpoint, direction)
        source, stream = _fakes(options, trained, evaluator)
        frequencies = trained.class_frequencies if trained.conditional else None
        about = trained.kind.cls, trained.generator, trained.modality, frequencies
        measures = GeneratorMeasures(*about), trained.direction
        table.append(_report(str(run.path), trained.step, evaluator, stream, *measures))
        _keep(options, run, config, table[-1])
        if options.reject:
            texts += [*source.notes, source.summary()]
    return table


def score_images(options, config):
    """Scores images of any origin against a data set; output as in `score_runs`."""
    source, data = _load(config)
    metrics = options.metric, options.num_images
    evaluator = evaluator_of(config, source, data, *metrics, generated=False)
    source, fakes = _given(options, config, data)
    evaluator.check_count(len(fakes), source.origin)
    labels = None
    if data.classes is not None:
        labels = given_images.classes_of(source, fakes.labels, data.label_names)
        if fakes.labels is not None and labels is None:
            others = given_images.other_classes(source, "the data set", data.label_names)
            show(f"{others}, so the images are scored without labels.")
    stream = evaluator.given(fakes.samples, labels)
    scored = _report(options.images, None, evaluator, stream)
    if options.json:
        _write_json(options.json, scored.to_json())
    show(report.table([scored]))


def check_memorization(options, run, config):
    """Compares fakes with their nearest training images; prints the result, writes the grid.

    Args:
        options: the options of `gan_tf.evaluate`.
        run: the `RunDir`; None for images of any origin.
        config: the `Config` of the run, or of the training images.

    Raises:
        UserError: when the run has no such checkpoint, or there are no images.
    """
    source, data = _load(config, run)
    if run:
        ensemble = Ensemble([TrainedRun(run, options.checkpoint)])
        stream = _pairs(ensemble.stream(options.seed), options.num_images)
        fakes = np.concatenate([batch for batch, _ in stream])
    else:
        _, given = _given(options, config, data)
        fakes = given.samples[ranks.sorted_rows(given.samples)[: options.num_images]]
    held_out = pipeline.load_held_out(source)
    others = held_out and held_out.samples
    found = memorization.compare(fakes, data.samples, others, config.flip)
    write(options.memorization, images.png(found.picture(fakes, data.samples)))
    show(found.sentence())
    show(f"Fakes, each to the left of its nearest training image: {options.memorization}")


def _given(options, config, data):
    """The images that a user gives, in the shape of the data: their `Source`, `Examples`."""
    crop = config.crop or "center"  # as the real ones
    shape = data.samples.shape[1:]
    source = given_images.open_images(options.images, shape, crop, options.archive_mb)
    given = pipeline.load(source, config.cache_mb << 20, config.cache_dir)
    given_images.report(source, given.skipped)
    return source, given


def _pairs(stream, count):
    """Yields (images, labels or None) of the first `count` of a stream of `Generated`."""
    for made in stream:
        labels = made.columns.get("label")
        yield made.samples[:count], None if labels is None else labels[:count]
        count -= len(made)
        if count <= 0:
            return


def _load(config, run=None):
    """The real examples; for a run that was trained on them, with its order of classes."""
    source = datasets.build(config, run and run.read_data()["label_names"])
    data = pipeline.load(source, config.cache_mb << 20, config.cache_dir)
    traits = run.read_data().get("traits", {}) if run else {}
    data = measured(data, traits) if run else data
    if run and traits != data.traits:
        raise UserError(
            f"{source.origin} has another vocabulary, or sample rate, than the data of '{run.path}': give "
            "the data that it was trained on."
        )
    change = run and run.change_of_data(data, source.content(data.skipped))
    if change:
        show(f"The real images are not those that '{run.path}' was trained on ({change}).")
    return source, data


def _fakes(options, trained, evaluator):
    """What draws a run's samples, and the stream of them."""
    if evaluator.translates:
        back = directions.inverse(trained)
        arguments = trained.modality, evaluator.pairs, evaluator.num_images, back and back.generate
        return None, translated(trained.generate, *arguments)
    source = ensemble = Ensemble(
        [trained],
        truncation=options.truncation,
        steering=steering.read(trained.run, options.temperature),
        psi=options.psi,
    )
    if options.reject:
        source = RejectionSampler(ensemble, options.reject, **options.location())
    return source, _pairs(source.stream(options.seed), evaluator.num_images)


def _report(name, step, evaluator, stream, generator=None, direction=None):
    """Scores a stream of fakes and their `GeneratorMeasures`, with progress bars; returns a `Report`."""
    with progress_bar(
        total=evaluator.num_images, unit=f" {evaluator.modality.plural}", desc="sampling"
    ) as bar:

        def counted():
            for batch in stream:
                yield batch
                bar.update(len(batch[0]))

        fakes = evaluator.sample(counted(), generator)
    scores = progress_bar(evaluator.score(fakes), "metrics", len(evaluator.metrics), unit="metric")
    features = f"{evaluator.extractor.name} {evaluator.extractor.digest}"
    what = evaluator.modality.plural, evaluator.baseline, direction
    return Report(name, step, features, dict(scores), *what)


def _keep(options, run, config, scored):
    """Keeps scores in the run's directory, if they are of its own data set."""
    own = run.config()
    names = [field.name for field in dataclasses.fields(DataSet)]
    if any(getattr(own, name) != getattr(config, name) for name in names):
        return
    chosen = {name: getattr(options, name) for name in kept_scores.SAMPLING}
    entry = scored.to_json() | {key: each for key, each in chosen.items() if each is not None}
    del entry["name"]
    if not kept_scores.keep(run, entry):
        show(f"'{run.path}' cannot be written, so the scores are not kept there.")
    elif not any(key in entry for key in kept_scores.SAMPLING) and _compared(own) == _compared(
        config
    ):
        values = {name: each["value"] for name, each in entry["metrics"].items()}
        ending = "_b_to_a" if entry.get("direction") == "b_to_a" else ""
        published_scores.publish(run, entry["step"], values, ending)


def _compared(config):
    """The features that metrics compare, in both directions of a translation."""
    specs = (each.feature_spec() for each in (config, config.reversed()))
    return [FEATURES.canonical(each) for each in specs]


def _write_json(path, content):
    write(path, (json.dumps(content, indent=1) + "\n").encode())
