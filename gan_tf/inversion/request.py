"""The request to a command that searches a latent space, checked before TensorFlow is imported."""

from gan_tf.runs import choices, preflight, style_space
from gan_tf.runs.run_dir import RunDir


def read_request(options, command):
    """Checks the options of a command, and that they go with the run.

    Args:
        options: `SearchOptions`.
        command: the name of the command.

    Returns:
        The `RunDir`.

    Raises:
        UserError: for the first invalid option, or when the run's data are needed and missing.
    """
    options.check()
    run = RunDir(options.run_dir)
    if options.space != "z":
        style_space.check(run, f"--space={options.space}")
    options.check_with_run(run.config(), command)
    choices.check(run, options.checkpoint, options.label)
    if options.dataset:
        preflight.check_data(run, options.location())
    return run
