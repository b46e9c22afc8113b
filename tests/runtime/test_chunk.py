"""Rows are cut into chunks."""

from gan_tf.runtime.chunk import CHUNK, chunks


def test_chunks_hold_all_rows_and_there_is_one_at_least():
    assert chunks(7, 3) == [slice(0, 3), slice(3, 6), slice(6, 9)]
    assert chunks(0) == chunks(CHUNK) == [slice(0, CHUNK)]
