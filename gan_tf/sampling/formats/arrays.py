"""The format of NumPy arrays."""

import json
import pathlib
import shutil
import tempfile
import zipfile

import numpy as np

from gan_tf.files.atomic_write import atomic_file
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import Format


@FORMATS.register("npz")
class Npz(Format):
    """A NumPy archive of `images`, as stored, and the origin of each: `seed`, `number`, ..."""

    suffix = ".npz"

    def write(self, out, batches, job):
        with (
            atomic_file(out) as file,
            tempfile.TemporaryDirectory() as folder,
            zipfile.ZipFile(file, "w") as archive,
        ):
            columns = {}
            with archive.open(f"{job.modality.plural}.npy", "w", force_zip64=True) as member:
                _header(member, (job.count, *job.shape), job.modality.stored_dtype)
                for batch in batches:
                    member.write(np.ascontiguousarray(batch.samples).data)
                    for name, values in batch.columns.items():
                        # Members of an archive are written one after the other.
                        if name not in columns:
                            columns[name] = open(pathlib.Path(folder) / name, "w+b")  # noqa: SIM115
                            _header(columns[name], (job.count,), values.dtype)
                        columns[name].write(values.tobytes())
            for name, column in columns.items():
                column.seek(0)
                # Not `archive.write`, which stores the time of day.
                with column, archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    shutil.copyfileobj(column, member)
            if job.facts is not None:
                with archive.open("metadata.npy", "w") as member:
                    np.lib.format.write_array(member, np.array(json.dumps(job.note())))


def _header(file, shape, dtype):
    """Writes the header of an .npy file of this shape."""
    described = np.lib.format.dtype_to_descr(np.dtype(dtype))
    np.lib.format.write_array_header_1_0(
        file, {"descr": described, "fortran_order": False, "shape": shape}
    )
