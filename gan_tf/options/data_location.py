"""Where data are stored: options shared by all commands that read a data set."""

import dataclasses

from gan_tf.options.option import option


@dataclasses.dataclass(frozen=True)
class DataLocation:
    """Where data sets are on this machine, and where decoded ones are cached.

    Commands inherit from it: to add an option of this kind, add a field here.
    """

    data_dir: str | None = option(
        None,
        "Data",
        "folder of tensorflow-datasets; default: $TFDS_DATA_DIR or its own",
        path=True,
        free=True,
    )
    image_dir: str | None = option(
        None,
        "Data",
        "folder or zip of images, for image_folder, paired_folder, unpaired_folders",
        path=True,
        reads="directory",
        free=True,
    )
    to_image_dir: str | None = option(
        None,
        "Data",
        "the same of domain B, for unpaired_folders; default: --image_dir has folders of both",
        path=True,
        reads="directory",
        free=True,
    )
    audio_dir: str | None = option(
        None,
        "Data",
        "folder or zip archive of sound, for audio_folder and spoken_digits",
        path=True,
        reads="directory",
        free=True,
    )
    video_dir: str | None = option(
        None,
        "Data",
        "folder or zip archive of videos, for video_folder",
        path=True,
        reads="directory",
        free=True,
    )
    celeb_a_archive: str | None = option(
        None,
        "Data",
        "img_align_celeba.zip, its folder, or Kaggle's archive.zip, instead of a download",
        path=True,
        reads="file or folder",
        free=True,
    )
    source_font: str | None = option(
        None,
        "Data",
        "font (TTF, OTF, TTC) that characters are translated from; default: DejaVu Sans",
        path=True,
        free=True,
    )
    target_fonts: tuple = option(
        (),
        "Data",
        "font files, or folders of pictures of characters, that they are translated to, separated by "
        "commas; default: six that matplotlib ships",
        path=True,
        free=True,
    )
    text_file: str | None = option(
        None,
        "Data",
        "file of your own text, a line an example, for text_file",
        path=True,
        reads="file",
        free=True,
    )
    fasta_file: str | None = option(
        None,
        "Data",
        "file of your own DNA, RNA or protein, for fasta_file",
        path=True,
        reads="file",
        free=True,
    )
    test_file: str | None = option(
        None,
        "Data",
        "file of further lines or records, which are compared with and not trained on",
        path=True,
        reads="file",
        free=True,
    )
    rhymes: str | None = option(
        None,
        "Data",
        "file of words that rhyme with each other, a line each, for the metric rhyme",
        path=True,
        reads="file",
        free=True,
    )
    oracle: str | None = option(
        None,
        "Data",
        "parameters of another oracle, .npz; default: random ones",
        path=True,
        reads="file",
        free=True,
    )
    archive_mb: int = option(
        65536,
        "Data",
        "most MB that an archive (--image_dir, --audio_dir, --video_dir, --celeb_a_archive) may unpack to",
        low=1,
        free=True,
    )
    cache_mb: int = option(
        1024,
        "Data",
        "keep decoded images in memory up to this many MB, else on disk",
        low=0,
        free=True,
    )
    cache_dir: str | None = option(
        None,
        "Data",
        "folder for decoded images; default: ~/.cache/gan_tf",
        path=True,
        free=True,
    )

    def location(self):
        """Returns {name: value} of the fields that are set, for functions such as `TrainedRun.source`."""
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(DataLocation)
            if getattr(self, field.name) != field.default
        }
