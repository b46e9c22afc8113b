"""python -m gan_tf.launch, as far as it starts no training."""

import pytest

from tests.conftest import assert_user_error


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--workers=2"], ["after --"]),
        (["--", "--strategy=mirrored(2)"], ["--strategy=mirrored(2)", "leave it out"]),
        (["--", "--arch=dcgam"], ["did you mean 'dcgan'"]),
    ],
)
def test_it_complains_before_it_starts_anything(command_here, arguments, words):
    assert_user_error(command_here("launch", *arguments), *words)
