"""Large amounts of samples are confirmed first."""

import pytest

from gan_tf.errors import UserError
from gan_tf.sampling import amount


def test_a_large_amount_is_refused_with_its_size_until_it_is_confirmed(tmp_path):
    with pytest.raises(
        UserError, match=r"100,000,000 images are 78 GB .* GB free.*or give --large"
    ):
        amount.check(100_000_000, 784, "images", tmp_path / "a" / "b", False)
    amount.check(100_000_000, 784, "images", tmp_path, True)


def test_up_to_5_gb_pass(tmp_path):
    amount.check(5, 10**9, "images", tmp_path, False)
    with pytest.raises(UserError, match="6 images are 6 GB"):
        amount.check(6, 10**9, "images", tmp_path, False)
