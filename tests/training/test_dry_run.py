"""What a dry run says and does not do."""

import os

import pytest

from gan_tf.errors import UserError
from gan_tf.training.dry_run import dry_run


def test_dry_run_writes_nothing(config, capsys):
    options = config(batch_size=10)
    assert dry_run(options) == 0
    printed = capsys.readouterr().out
    assert "an epoch is 4 steps of 10, the run 8 steps" in printed
    assert "This run of 8 steps (4 per epoch) is too short" in printed
    assert "--latent_dim=5" in printed and '"discriminator"' in printed
    assert not os.path.exists(options.run_dir)


def test_a_dry_run_refuses_what_training_would(config):
    with pytest.raises(UserError, match="fewer than the 41"):
        dry_run(config(batch_size=41))
