"""Degradations that do not fit the data are refused by the flags alone."""

import subprocess
import sys

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.options.pairs import degradation, domain_names
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


@pytest.mark.parametrize(
    "changes",
    [
        dict(dataset="glyphs", to_dataset="mnist"),
        dict(dataset="glyphs", domains="0,1"),
        dict(dataset="glyphs", pair_by="edges"),
        dict(dataset="celeb_a", label="Smiling", domains="not Smiling,Smiling"),
        dict(dataset="glyphs", to_dataset="image_folder", image_dir="x"),
        dict(dataset="unpaired_folders", image_dir="x", to_image_dir="y"),
        dict(dataset="paired_folder", image_dir="x"),
    ],
)
def test_the_ways_to_make_domains(changes):
    Config(gan="cyclegan", **changes).resolve()
    if changes["dataset"] != "paired_folder" and "pair_by" not in changes:
        with pytest.raises(UserError, match="unpaired data: choose --gan=cyclegan, or other data"):
            Config(gan="pix2pix", **changes).resolve()


@pytest.mark.parametrize(
    "changes, words",
    [
        (dict(), "'glyphs' is single data: name a second data set with --to_dataset, or"),
        (dict(domains="0"), "give two classes, such as --domains=cat,dog"),
        (dict(domains="0,1,2"), "give two classes"),
        (dict(domains="1,1"), "give two classes"),
        (dict(domains="0,1", to_dataset="mnist"), "exclude each other: leave one of them out"),
        (dict(domains="0,1", classes="0,1"), "--domains=0,1 and --classes=0,1 exclude each other"),
        (dict(to_dataset="mnist", pair_by="edges"), "exclude each other"),
        (
            dict(to_dataset="glyphs"),
            "--to_dataset=glyphs is --dataset too: give another, or two of",
        ),
        (dict(to_dataset="paired_folder", image_dir="x"), "a domain is single image data"),
        (dict(to_dataset="image_folder"), "'image_folder' needs --image_dir"),
        (dict(dataset="celeb_a", domains="0,1"), "choose one, as in --label=Smiling"),
        (
            dict(dataset="unpaired_folders", image_dir="x", domains="0,1"),
            "makes domains of single images, and 'unpaired_folders' is unpaired already",
        ),
    ],
)
def test_what_is_not_two_domains_is_refused(changes, words):
    with pytest.raises(UserError, match=words):
        Config(gan="cyclegan", **{"dataset": "glyphs"} | changes).resolve()


def test_names_of_domains_can_have_commas():
    assert domain_names('"cats, dogs",birds') == ["cats, dogs", "birds"]


def test_flags_are_checked_without_tensorflow():
    program = (
        "import sys; from gan_tf.options.config import Config\n"
        "Config(gan='pix2pix', dataset='glyphs', pair_by='downscale(4)').resolve()\n"
        "Config(gan='cyclegan', dataset='glyphs', to_dataset='mnist').resolve()\n"
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
