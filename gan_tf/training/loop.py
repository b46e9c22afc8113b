"""From a configuration to a trained run: the one place where everything meets."""

import contextlib
import dataclasses
import functools
import os
import shutil
import signal
import sys
import tempfile

import keras
import numpy as np
import tensorflow as tf

from gan_tf import latents
from gan_tf.data import build as datasets
from gan_tf.data import cache, pipeline
from gan_tf.data.examples import LABEL
from gan_tf.errors import NonFiniteError, UserError, writing
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.files.atomic_write import write
from gan_tf.gans.build import build, check, check_labels, show
from gan_tf.networks.layers import as_stock
from gan_tf.options.interval import interval
from gan_tf.registry import FEATURES, STRATEGIES
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runtime import compilation, precision
from gan_tf.runtime.strategies import Team, Together
from gan_tf.training.callbacks.checkpoints import Checkpoints
from gan_tf.training.callbacks.class_accuracy import ClassAccuracy
from gan_tf.training.callbacks.evaluations import Evaluations
from gan_tf.training.callbacks.finite import StopOnNonFinite
from gan_tf.training.callbacks.health_monitor import Health
from gan_tf.training.callbacks.interrupt import Interrupted, StopOnSignal
from gan_tf.training.callbacks.logs import Logs
from gan_tf.training.callbacks.progress import Progress
from gan_tf.training.callbacks.samples import Samples, snapshots, write_history
from gan_tf.training.health.diagnosis import HINDSIGHT, UnhealthyError
from gan_tf.training.health.sample_measures import SampleMeasures
from gan_tf.training.rollback import Rollback
from gan_tf.training.transfer import start_from

SAMPLES = 64  # images in a snapshot
MEASURED = 128  # samples by which health is judged
MAX_ROWS = 20  # classes in a snapshot


def train(config):
    """Trains, or goes on with, the run that a resolved `Config` describes.

    Returns:
        The exit status: 0, also at the end of --max_minutes; 128 and the signal's number after
        Ctrl-C or SIGTERM.

    Raises:
        UserError: for anything that the user can mend.
    """
    config, path = _set_up(config), config.run_dir
    # Before the signals: clusters of TensorFlow take SIGTERM too.
    team = STRATEGIES.build(config.strategy) if config.strategy else Team()
    check(config)  # after it, since it makes tensors, before which clusters have to be there
    with StopOnSignal(config.max_minutes) as stop:
        try:
            with _run_dir(path, team) as run:
                team.check_same(sorted(config.hyperparameters().items()))
                return _train(config, run, team, stop)
        except Interrupted:
            print(f"Stopped; nothing of '{path}' is lost: run the same command again to go on.")
            return stop.status
        except tf.errors.OpError as error:
            raise (team.lost(error) or error) from error


@contextlib.contextmanager
def _run_dir(path, team):
    """The `RunDir` of this worker: that of the run for the first one of a `Team`.

    Another does all that the first one does, but on a copy of what the run goes on from, which is
    thrown away; what it would say is not shown, but for its errors.
    """
    with contextlib.ExitStack() as stack:
        run = RunDir(path)
        if not team.chief:
            scratch = tempfile.TemporaryDirectory(prefix="gan_tf-", ignore_cleanup_errors=True)
            run = run.copy_state(stack.enter_context(scratch))
            silence = stack.enter_context(open(os.devnull, "w"))
            stack.enter_context(contextlib.redirect_stdout(silence))
            stack.enter_context(contextlib.redirect_stderr(silence))
        stack.callback(run.close)
        yield run


def _train(config, run, team, stop):
    """What `train` does in a `RunDir` until a `StopOnSignal` ends it; returns the exit status."""
    with stop.interruptible():
        team.check_batch(config.batch_size, config.packing)
        run.open(config)
        if not team.chief:
            team.gather(0)  # for what the first one prepares
        source, data = _load(config, run)
        if team.chief:
            team.gather(0)
        judge = evaluator(config, source, data) if config.evaluate_every else None
        count, images_per_step = len(data), config.batch_size * config.discriminator_steps
        steps_per_epoch = count // images_per_step
        total_steps = config.steps or config.epochs * steps_per_epoch
        # Again, since preparing and decoding the data, which the next start need not do, may draw
        # from the generators that the first weights come from.
        keras.utils.set_random_seed(config.seed)
        with team.strategy.scope():
            gan = build(config, data.samples.shape[1:], data.label_names, total_steps)
        # Samples are judged late, and what is wrong with them is dated back.
        reach = 0 if config.on_unhealthy == "warn" else HINDSIGHT
        store = CheckpointStore(run.checkpoints, config.keep, reach)
        if config.init_from and not store.steps():  # a run that goes on has its own weights
            print(start_from(gan, config.init_from, config.freeze_discriminator))
        show(gan, config, data)
    rollback = Rollback(gan, run, store)
    step = rollback.restore()
    team.check_same(step, len(data))
    run.write_data(data)
    run.write_flags(config)
    store.set_aside_after(step)
    CheckpointStore(run.best).set_aside_after(step)
    run.drop_samples_after(step)
    print(f"Run directory: {run.path} ({config.precision}, {total_steps:,} steps).", flush=True)
    if step:
        print(f"Going on from step {step:,} ('{store.path(step)}').", flush=True)

    def steps(name):
        return interval(getattr(config, name), steps_per_epoch, name)

    modality = config.modality()
    reals = run.samples / f"reals{modality.snapshot_suffix}"
    write(reals, modality.snapshot(data.samples[:SAMPLES]))
    logs = Logs(
        steps("log_every"),
        run.logs,
        run.metrics,
        steps_per_epoch,
        config.hyperparameters(),
        total_steps,
    )
    fixed = _fixed_inputs(config, data.label_names)
    progress = Progress(total_steps, steps_per_epoch, images_per_step)
    samples = Samples(steps("sample_every"), run.samples, fixed, modality, logs)
    checkpoints = Checkpoints(steps("checkpoint_every"), store, logs)
    evaluations = judge and Evaluations(
        steps("evaluate_every"),
        judge,
        CheckpointStore(run.best, keep=1),
        checkpoints,
        progress,
        stop,
        _labels(config, data),
        config.stop_when_no_better,
    )
    with stop.interruptible():
        held_out = source.held_out() if config.semi_supervised else ()
        tests = [(each[source.sample], each[LABEL]) for each in held_out]
        health = _health(config, data, logs, rollback, progress)
    if config.semi_supervised and not tests:
        print(f"{source.name} has no test split, so no test_accuracy is logged.")
    accuracy = tests and ClassAccuracy(steps_per_epoch, tests, modality, logs, progress, stop)
    # What a signal interrupts stands behind what it does not, so that a run which goes on
    # catches up in the same order.
    shown = [samples, health, accuracy, evaluations, checkpoints]
    callbacks = [StopOnNonFinite(store), progress, logs, *shown, stop]
    callbacks += [Together(team, stop)] * (team.workers > 1)
    callbacks = [each for each in callbacks if each]
    for each in callbacks:
        each.set_model(gan)
    logs.on_train_begin()
    for each in filter(None, (accuracy, evaluations)):
        each.catch_up(step)
    try:
        if not team.stops(stop, evaluations and evaluations.exhausted(step)):
            _fit(gan, config, data, team, steps_per_epoch, total_steps, callbacks, health)
    except tf.errors.OpError as error:
        raise (data.problem or error) from error
    finally:
        progress.close()
        with contextlib.suppress(tf.errors.OpError):  # it would hide a better error
            logs.writer.flush()
    checkpoints.save(gan.steps_made)
    team.gather(0)  # an end of the others might end the first one
    if stop.received:
        what = "The minutes are over: stopped" if stop.received == signal.SIGALRM else "Stopped"
        print(
            f"{what} at step {gan.steps_made:,}; everything is saved in '{run.path}': run the same "
            "command again to go on."
        )
        print(health.conclude())
        return stop.status
    if accuracy:
        accuracy.conclude(gan.steps_made)
    with stop.interruptible():
        if not samples.path(gan.steps_made).exists():
            samples.act(gan.steps_made, None)
        if step >= total_steps:
            longer = "--steps" if config.steps else "--epochs"
            print(f"This run is at its end already: give a larger {longer} to go on.")
        if evaluations:
            print(evaluations.summary(gan.steps_made))
        print(health.conclude())
        with writing(run.path):
            _finish(gan, run, modality)
    return 0


def evaluator(config, source, data):
    """Returns the `Evaluator` that a `Config` asks for."""
    return Evaluator(
        data,
        source.cache_key,
        config.feature_spec(),
        config.metric or ("fid",),
        {"inception_weights": config.inception_weights},
        config.cache_dir or cache.default_dir(),
    )


def _fixed_inputs(config, label_names):
    """What the generator makes each snapshot of: latents; conditional: a row of them a class."""
    if not config.conditional:
        return latents.draw(config.seed, range(SAMPLES), config.latent_dim)
    rows, columns = min(len(label_names), MAX_ROWS), round(SAMPLES**0.5)
    fixed = latents.draw(config.seed, range(columns), config.latent_dim)
    return [np.tile(fixed, (rows, 1)), np.repeat(np.arange(rows), columns)]


def _health(config, data, logs, rollback, progress):
    """The callback that watches the game, in the features that are the data set's own."""
    own = dataclasses.replace(config, features=None).feature_spec()
    extractor = FEATURES.build(own, {"image_shape": data.samples.shape[1:]})
    inputs = latents.draw(config.seed, range(MEASURED), config.latent_dim)
    wanted = None
    if config.conditional:
        wanted = _labels(config, data)(config.seed, range(MEASURED))
        inputs = [inputs, wanted]
    measures = SampleMeasures(
        extractor, data.samples, MEASURED, data.classes, wanted, config.modality_name
    )
    modality = config.modality()
    return Health(config.on_unhealthy, measures, inputs, modality, logs, rollback, progress)


def _labels(config, data):
    """What gives images their classes, as often as in the data; None: the run is not conditional."""
    if not config.conditional:
        return None
    return functools.partial(latents.draw_labels, shares=np.bincount(data.labels))


def dry_run(config):
    """Prints what `train` would do; reads no image and writes nothing. Returns 0."""
    config = _set_up(config)
    check(config)
    source = datasets.build(config)
    check_labels(config, len(source.label_names))
    print("\n".join(config.to_flags()))
    images_per_step = config.batch_size * config.discriminator_steps
    steps = source.num_examples // images_per_step
    total_steps = config.steps or config.epochs * steps
    gan = build(config, source.sample_shape, source.label_names, max(1, total_steps))
    gan.generator.summary()
    gan.discriminator.summary()
    shape = "x".join(map(str, source.sample_shape))
    print(f"Run directory: {config.run_dir}")
    _check_count(config, source, source.num_examples)
    # How many there are of a class is known when they have been read.
    at_most = "at most " if config.classes or config.leave_out else ""
    print(
        f"{source.name}: {at_most}{source.num_examples:,} images of {shape}; an epoch is {steps:,} steps "
        f"of {images_per_step}, the run {total_steps:,} steps."
    )
    return 0


def _set_up(config):
    """Seeds and sets Keras up; returns the configuration with its precision resolved."""
    config = dataclasses.replace(config, precision=precision.resolve(config.precision))
    keras.utils.set_random_seed(config.seed)
    keras.config.set_dtype_policy(config.precision)
    if config.deterministic:
        tf.config.experimental.enable_op_determinism()
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)
    return config


def _load(config, run):
    """Decodes the data set, reports what could not be read, checks that it fills a batch."""
    source = datasets.build(config)
    check_labels(config, len(source.label_names))
    data = pipeline.load(source, config.cache_mb << 20, config.cache_dir)
    if data.skipped:
        listing = "".join(f"{file!r}: {reason}\n" for file, reason in data.skipped)
        write(run.skipped, listing.encode(errors="replace"))
        print(f"{len(data.skipped):,} files could not be read; they are listed in '{run.skipped}'.")
    _check_count(config, source, len(data))
    shape = "x".join(map(str, data.samples.shape[1:]))
    labels = f", {len(data.label_names)} labels" if data.label_names else ""
    print(f"{source.name}: {len(data):,} images of {shape}{labels}.", flush=True)
    return source, data


def _check_count(config, source, count):
    """Raises a `UserError` where there are not enough images for a step."""
    needed = config.batch_size * config.discriminator_steps
    if count < needed:
        raise UserError(
            f"The data set '{source.name}' has {count:,} images that can be read, fewer than the "
            f"{needed:,} of one step: give a smaller --batch_size, or more images."
        )


def _fit(gan, config, data, team, steps_per_epoch, total_steps, callbacks, health):
    """Calls `fit` until the run is at its end, from wherever it is or has gone back to."""
    while gan.steps_made < total_steps and not gan.stop_training:
        try:
            _fit_once(gan, config, data, team, steps_per_epoch, total_steps, callbacks)
        except (UnhealthyError, NonFiniteError) as error:
            health.recover(error)


def _fit_once(gan, config, data, team, steps_per_epoch, total_steps, callbacks):
    """Calls `fit` for the rest of a begun epoch, for whole epochs, or for a last part of one."""
    step = gan.steps_made
    epoch, into_epoch = divmod(step, steps_per_epoch)
    whole_epochs = max(1, total_steps // steps_per_epoch - epoch) if not into_epoch else 1
    steps = min(steps_per_epoch - into_epoch, total_steps - step)
    events = (config.sample_every, config.checkpoint_every, config.evaluate_every)
    due = [interval(each, steps_per_epoch) for each in events if each]
    at_once = compilation.steps_per_execution(config, step, steps, *due)
    if gan.steps_per_execution != at_once:
        gan.steps_per_execution = at_once
        gan.make_train_function(force=True)
    images = config.batch_size * config.discriminator_steps

    def batches(rows):
        return pipeline.batches(data, images, config.seed, step, config.flip, rows)

    gan.fit(
        team.feed(batches, images, config.discriminator_steps),
        initial_epoch=epoch,
        epochs=epoch + whole_epochs,
        steps_per_epoch=steps,
        callbacks=callbacks,
        shuffle=False,  # the pipeline does
        verbose=0,
    )


def _finish(gan, run, modality):
    """Writes the final files and says where to look."""
    history = write_history(run.samples, modality)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=run.path) as folder:
        beside = os.path.join(folder, run.generator.name)
        as_stock(gan.sampler).save(beside)
        os.replace(beside, run.generator)
    newest = snapshots(run.samples, modality)[-1]
    reals = newest.with_stem("reals")
    print(f"Samples:      {newest} (real {modality.plural}: {reals})")
    if history:
        print(f"Over time:    {history}")
    print(f"More samples: {_command('python')} -m gan_tf.generate --run_dir={run.path} --seed=1")
    print(f"TensorBoard:  {_command('tensorboard')} --logdir {run.path.parent}")


def _command(name):
    """How to call a program of this environment: by its name alone where the shell finds it."""
    folder = os.path.dirname(sys.executable)
    found = shutil.which(name)
    if found and os.path.dirname(found) == folder:
        return name
    return os.path.join(os.path.relpath(folder), name)
