"""Images of styles, made on request."""

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.explorer.request import ImageRequest
from gan_tf.explorer.style_painter import StylePainter
from gan_tf.runs.trained_run import TrainedRun


@pytest.fixture(scope="module", params=["style_run", "labeled_style_run"])
def painter(request):
    trained = TrainedRun(request.getfixturevalue(request.param))
    return StylePainter(trained, encode=lambda sample, note: sample.astype(int))


def styles(painter, seed, label):
    """The rows of w of a seed's first image, and its labels."""
    trained = painter.trained
    drawn = latents.draw([seed], [0], trained.latent_dim)
    labels = np.array([label]) if trained.conditional else None
    return painter.space.styles(drawn, labels)[0], labels


def check(painter, request, rows, labels):
    expected = painter.space.samples(np.float32(rows)[None], labels)[0].astype(int)
    assert np.abs(painter.encoded(request) - expected).max() <= 1


def test_seeds_are_those_of_the_run(painter):
    trained = painter.trained
    (label,) = trained.choose_labels([5], [0]) if trained.conditional else (None,)
    drawn = latents.draw([5], [0], trained.latent_dim)
    expected = trained.samples(drawn, None if label is None else np.array([label]))
    assert np.abs(painter.encoded(ImageRequest(5)) - expected[0].astype(int)).max() <= 1


def test_interpolations_go_through_w_or_z(painter):
    label = 1 if painter.trained.conditional else None
    start, labels = styles(painter, 3, label)
    end, _ = styles(painter, 7, label)
    between = ImageRequest(3, label=label, to=7, share=0.25)
    check(painter, between, 0.75 * start + 0.25 * end, labels)
    ends = latents.draw([3, 7], [0, 0], painter.trained.latent_dim)
    through = latents.slerp(*ends, [0.25])
    expected = painter.trained.samples(through, labels)[0].astype(int)
    found = painter.encoded(ImageRequest(3, label=label, to=7, share=0.25, space="z"))
    assert np.abs(found - expected).max() <= 1


def test_directions_move_all_layers_or_some_and_psi_comes_first(painter):
    label = 0 if painter.trained.conditional else None
    rows, labels = styles(painter, 3, label)
    first, second = painter.directions[:2]
    moves = ((0, 2.0), (1, -3.0, (1, 2)))
    expected = painter.space.mean + 0.5 * (rows - painter.space.mean) + 2 * first
    expected[1:3] -= 3 * second
    check(painter, ImageRequest(3, label=label, moves=moves, psi=0.5), expected, labels)
