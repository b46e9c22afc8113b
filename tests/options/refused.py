"""What an invalid configuration says."""

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config


def refusal(**changes):
    with pytest.raises(UserError) as error:
        Config(**changes).resolve()
    return str(error.value)
