"""Degradations that do not fit the data are refused by the flags alone."""

import subprocess
import sys

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.options.pairs import degradation
from gan_tf.registry import DEGRADATIONS


@pytest.mark.parametrize("spec", [*DEGRADATIONS.names(), 'mask("random(0.3)")', "downscale(2)"])
@pytest.mark.parametrize("dataset", ["glyphs", "mnist", "celeb_a"])
def test_each_degradation_fits_each_data_set(spec, dataset):
    options = {"gan": "pix2pix", "dataset": dataset, "pair_by": spec}
    assert Config(**options).resolve().pair_by == spec


def test_the_shape_of_a_degraded_image_is_returned():
    assert degradation("downscale(4)", "photos", "image", (64, 32, 3))[1] == (16, 8, 3)
    assert degradation("lightness", "photos", "image", (64, 32, 3))[1] == (64, 32, 1)


@pytest.mark.parametrize(
    "spec, words",
    [
        ("downscale(8)", "does not fit 'glyphs'.*28x28 pixels: each side must be a multiple of 8"),
        ("downscale(1)", "cannot be built: the factor must be 2 or more"),
        ("noise(-1)", "cannot be built: the noise must be 0 or more"),
        ('mask("centr")', "Unknown mask 'centr'"),
        ('mask("center(2)")', "masks all pixels or none"),
        ('mask("gone.png")', "The mask 'gone.png' cannot be read as an image"),
        ("sepia", "Unknown degradation 'sepia'|there is no such degradation|sepia"),
    ],
)
def test_what_does_not_fit_is_refused(spec, words):
    with pytest.raises(UserError, match=words):
        Config(gan="pix2pix", dataset="glyphs", pair_by=spec).resolve()


def test_other_samples_are_refused():
    with pytest.raises(UserError, match="is for image data, and 'waves' is signal data"):
        degradation("edges", "waves", "signal", (64,))


def test_pairs_of_pairs_are_refused():
    options = {"gan": "pix2pix", "dataset": "paired_folder", "image_dir": "x", "pair_by": "edges"}
    with pytest.raises(UserError, match="'paired_folder' is paired already"):
        Config(**options).resolve()


def test_flags_are_checked_without_tensorflow():
    program = (
        "import sys; from gan_tf.options.config import Config\n"
        "Config(gan='pix2pix', dataset='glyphs', pair_by='downscale(4)').resolve()\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"loss": "none"},
        {"gan": "pix2pix", "pair_by": "edges", "loss": "none", "content_loss": ("none",)},
    ],
)
def test_some_loss_is_needed(changes):
    with pytest.raises(UserError, match="--loss=none leaves nothing to learn from"):
        Config(dataset="glyphs", **changes).resolve()
