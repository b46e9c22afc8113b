"""Entries and commands say which modality they are for."""

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.options.modality import check_modality, check_samples, plurals
from gan_tf.registry import ARCHITECTURES, METRICS


def test_an_entry_for_other_samples_names_those_that_fit():
    check_modality(METRICS, "ms_ssim", "image")
    check_modality(METRICS, "fid", "tokens")  # of any
    with pytest.raises(UserError, match="'ms_ssim' is for images, and these samples are sequences"):
        check_modality(METRICS, "ms_ssim", "tokens")
    with pytest.raises(UserError, match=r"choose one of .*resnet1d"):
        check_modality(ARCHITECTURES, "dcgan", "tokens")


def test_a_command_for_other_samples_is_refused():
    check_samples("gan_tf.x", ("image",), Config(dataset="glyphs"))
    check_samples("gan_tf.x", (), Config(dataset="sentences"))
    with pytest.raises(UserError, match=r"gan_tf\.x is for images, and 'sentences' has sequences"):
        check_samples("gan_tf.x", ("image",), Config(dataset="sentences"))
    assert plurals(("image", "tokens")) == "images and sequences"
