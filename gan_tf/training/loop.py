"""Training of a run, stage by stage.

`train` sets up, opens the run directory, loads the data, builds the GAN, restores it from the last
checkpoint, attaches the callbacks, fits, and finishes: a function for each, in that order.
"""

import dataclasses
import signal

import tensorflow as tf

from gan_tf import modalities
from gan_tf.errors import NonFiniteError, writing
from gan_tf.gans.build import Parts, initialize_from_data
from gan_tf.messages import safe_output, show
from gan_tf.options.interval import interval
from gan_tf.registry import GANS, STRATEGIES
from gan_tf.runs import kept_scores
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runtime import compilation
from gan_tf.runtime.strategies import Workers
from gan_tf.training import finishing, loading, setup, tuning
from gan_tf.training.callback_list import CallbackList
from gan_tf.training.callbacks.epoch_values import EpochValues
from gan_tf.training.callbacks.stop_on_signal import Interrupted, StopOnSignal
from gan_tf.training.health.diagnosis import HINDSIGHT, LEGIBLE, WARM_UP, UnhealthyError
from gan_tf.training.rollback import Rollback
from gan_tf.training.transfer import start_from


@dataclasses.dataclass(frozen=True)
class Schedule:
    """The length of a run.

    Attributes:
        samples_per_step: real samples per training step.
        steps_per_epoch: training steps per epoch.
        total_steps: training steps of the run.
        translates: whether samples are made of sources, which show through early.
    """

    samples_per_step: int
    steps_per_epoch: int
    total_steps: int
    translates: bool = False

    @property
    def longer(self):
        """The flag that makes the run long enough; None if it shows more than noise as it is."""
        return None if self.total_steps >= WARM_UP else f"--steps={2 * LEGIBLE}"

    @property
    def warning(self):
        """A sentence if the run is too short to show anything; else None."""
        if not self.longer:
            return None
        why = (
            "for good translations"
            if self.translates
            else f"to show anything but noise: GANs show first shapes after about {WARM_UP} steps, and "
            f"recognizable samples after about {LEGIBLE:,}"
        )
        return (
            f"This run of {self.total_steps:,} steps ({self.steps_per_epoch:,} per epoch) is too short "
            f"{why}. Give {self.longer}; a finished run resumes with it."
        )

    @classmethod
    def of(cls, config, count):
        """Returns the schedule of a `Config` for `count` samples."""
        samples_per_step = config.batch_size * config.discriminator_steps
        steps_per_epoch = count // samples_per_step
        total_steps = config.steps or config.epochs * steps_per_epoch
        translates = GANS.entry(config.gan).attributes["source"] == "example"
        return cls(samples_per_step, steps_per_epoch, total_steps, translates)


def train(config, callbacks=()):
    """Trains the run that a resolved `Config` describes, or resumes it.

    Args:
        config: the `Config`.
        callbacks: `keras.callbacks.Callback`s that act before those of the run; default: none.

    Returns:
        The exit status: 0, also after --max_minutes; 128 plus the signal's number after Ctrl-C or
        SIGTERM.

    Raises:
        UserError: for anything that the user can fix.
    """
    config, path = setup.set_up(config), config.run_dir
    # Before the signal handlers: TensorFlow's clusters handle SIGTERM too.
    workers = STRATEGIES.build(config.strategy) if config.strategy else Workers()
    with workers.strategy.scope():  # clusters must exist before the first tensor, which this makes
        parts = Parts.of(config)
    with safe_output(waits=False), StopOnSignal(config.max_minutes) as stop:
        try:
            with setup.run_directory(path, workers) as run:
                workers.check_same(sorted(config.hyperparameters().items()))
                return _train(parts, run, workers, stop, callbacks)
        except Interrupted:
            show(f"Stopped; nothing in '{path}' is lost: run the same command again to resume.")
            return stop.status
        except tf.errors.OpError as error:
            raise (workers.lost_worker_error(error) or error) from error


def _train(parts, run, workers, stop, others):
    """Runs the stages in a `RunDir` unless a `StopOnSignal` ends them; returns the exit status."""
    config = parts.config
    with stop.interruptible():
        workers.check_batch(config.batch_size, config.packing)
        run.open(config)
        source, data = loading.load(config, run, workers)
        schedule = Schedule.of(config, data.in_epoch)
        store = _checkpoint_store(config, run)
        gan = _build(parts, data, workers, schedule, store)
    rollback = Rollback(gan, run, store)
    step = _restore(config, run, workers, data, schedule, rollback)
    with stop.interruptible():
        tuning.tune(gan, config, run, workers)
    callbacks = CallbackList(config, run, workers, source, data, schedule, rollback, stop)
    if others:
        callbacks.callbacks[:0] = [EpochValues(callbacks.logs), *others]
    callbacks.attach(gan, step)
    _fit(gan, config, data, workers, schedule, callbacks)
    if stop.received:
        return _stopped(gan, run, callbacks, stop)
    callbacks.conclude(step)
    with stop.interruptible(), writing(run.path):
        finishing.finish(gan, run, modalities.of(data))
    if callbacks.tracking:
        callbacks.tracking.conclude(complete=True)
    return 0


def _checkpoint_store(config, run):
    """The store of a run's checkpoints."""
    # Problems of samples are found late, and dated back.
    reach = 0 if config.on_unhealthy == "warn" else HINDSIGHT
    return CheckpointStore(run.checkpoints, config.keep, reach)


def _build(parts, data, workers, schedule, store):
    """Builds the GAN, with the weights of another run if --init_from is given."""
    config = parts.config
    setup.seed(config)
    with workers.strategy.scope():
        shape = modalities.of(data).network_shape(data.samples.shape[1:])
        gan = parts.gan(shape, data.label_names, schedule.total_steps, data.source_shape)
    if config.init_from and not store.steps():  # a resumed run has its own weights
        frozen, seen = config.freeze_discriminator, config.representation
        show(start_from(gan, config.init_from, frozen, seen))
    initialize_from_data(gan, config, data)
    return gan


def _restore(config, run, workers, data, schedule, rollback):
    """Restores the last checkpoint, and sets aside newer files; returns its step, or 0."""
    step, store = rollback.restore(), rollback.store
    workers.check_same(step, len(data))
    run.write_flags(config)
    store.set_aside_after(step)
    CheckpointStore(run.best).set_aside_after(step)
    run.drop_samples_after(step)
    kept_scores.drop_after(run, step)
    steps = f"{schedule.total_steps:,} steps"
    show(f"Run directory: {run.path} ({config.precision}, {steps}).")
    for each in [*filter(None, [schedule.warning]), *rollback.gan.notes(schedule.total_steps)]:
        show(each)
    if step:
        show(f"Resuming from step {step:,} ('{store.path(step)}').")
    return step


def _fit(gan, config, data, workers, schedule, callbacks):
    """Calls `fit` until the run is complete, again after each rollback."""
    try:
        if not callbacks.is_stopped(gan.steps_made):
            while gan.steps_made < schedule.total_steps and not gan.stop_training:
                try:
                    _fit_epochs(gan, config, data, workers, schedule, callbacks.callbacks)
                except (UnhealthyError, NonFiniteError) as error:
                    callbacks.health.recover(error)
        callbacks.checkpoints.save(gan.steps_made)
    except tf.errors.OpError as error:
        raise (data.problem or error) from error
    finally:
        callbacks.close()
    # The workers agree on signals since they were asked last, and none exits while others need it.
    callbacks.is_stopped(gan.steps_made)


def _fit_epochs(gan, config, data, workers, schedule, callbacks):
    """Calls `fit` for the rest of an epoch, for complete epochs, or for a last partial one."""
    step, steps_per_epoch = gan.steps_made, schedule.steps_per_epoch
    epoch, into_epoch = divmod(step, steps_per_epoch)
    epochs = max(1, schedule.total_steps // steps_per_epoch - epoch) if not into_epoch else 1
    steps = min(steps_per_epoch - into_epoch, schedule.total_steps - step)
    events = [config.sample_every, config.checkpoint_every]
    events += [config.evaluate_every] if config.evaluate_every else []
    due = [interval(each, steps_per_epoch) for each in events]
    at_once = compilation.steps_per_execution(config, step, steps, *due)
    if gan.steps_per_execution != at_once:
        gan.steps_per_execution = at_once
        gan.make_train_function(force=True)
    gan.fit(
        loading.feed(config, data, workers, schedule.samples_per_step, step),
        initial_epoch=epoch,
        epochs=epoch + epochs,
        steps_per_epoch=steps,
        callbacks=callbacks,
        shuffle=False,  # the pipeline shuffles
        check_input=False,  # and scales
        verbose=0,
    )


def _stopped(gan, run, callbacks, stop):
    """Prints how to resume a run stopped by a signal or --max_minutes; returns the status."""
    what = "--max_minutes is over: stopped" if stop.received == signal.SIGALRM else "Stopped"
    show(
        f"{what} at step {gan.steps_made:,}; everything is saved in '{run.path}': run the same "
        "command again to resume."
    )
    show(callbacks.health.conclude())
    return stop.status
