"""Large amounts of samples, which are generated only when confirmed."""

import os
import shutil

from gan_tf.errors import UserError
from gan_tf.options.option import option

_MOST = 5e9  # bytes of stored samples that are made without confirmation

LARGE = option(
    False, "Output", f"generate more than {_MOST / 1e9:g} GB of samples, which takes long"
)


def check(count, bytes_each, plural, folder, confirmed):
    """Checks that an amount of samples is small, or confirmed.

    Args:
        count: how many samples.
        bytes_each: of one, as stored in memory.
        plural: what they are called: "images".
        folder: where they are written; it does not have to exist.
        confirmed: whether --large is given.

    Raises:
        UserError: when more than 5 GB of samples are not confirmed.
    """
    total = count * bytes_each
    if confirmed or total <= _MOST:
        return
    folder = os.path.abspath(folder)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    free = shutil.disk_usage(folder).free
    raise UserError(
        f"{count:,} {plural} are {total / 1e9:,.0f} GB before compression, and '{folder}' has "
        f"{free / 1e9:,.0f} GB free: generate fewer, or give --large to generate them anyway."
    )
