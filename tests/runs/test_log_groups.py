"""Under which heading TensorBoard shows a logged value."""

import pytest

from gan_tf.runs.log_groups import group, tag


@pytest.mark.parametrize(
    "name, expected",
    [
        ("generator_loss", "losses"),
        ("code_loss", "losses"),
        ("penalty", "losses"),
        ("real_probability", "discriminator"),
        ("fake_logit", "discriminator"),
        ("real_class_accuracy", "discriminator"),
        ("discriminator_gradient_norm", "gradients"),
        ("within_class_diversity", "samples"),
        ("checkerboard", "samples"),
        ("unseen_ngrams", "samples"),
        ("fid", "scores"),
        ("fid_b_to_a", "scores"),
        ("cycle_loss_a_to_b", "losses"),
        ("diversity_b_to_a", "samples"),
        ("test_accuracy", "scores"),
        ("strength", "others"),
    ],
)
def test_the_group_of_a_value(name, expected):
    assert group(name) == expected
    assert tag(name) == f"{expected}/{name}"
