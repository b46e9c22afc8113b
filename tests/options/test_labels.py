"""Which options need labels."""

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config


@pytest.mark.parametrize("flag", ["conditional", "semi_supervised"])
def test_a_folder_without_folders_has_no_labels(photos, flag):
    options = {"dataset": "image_folder", flag: "acgan" if flag == "conditional" else 5}
    Config(image_dir=str(photos), **options).resolve()
    with pytest.raises(UserError, match=rf"--{flag}=\w+ needs labels, and there is no folder in"):
        Config(image_dir=str(photos / "a"), **options).resolve()


@pytest.mark.parametrize("name", ["conditional", "domains"])
def test_an_attribute_makes_classes_of_celeb_a(name):
    options = {
        "conditional": dict(conditional="concat"),
        "domains": dict(gan="cyclegan", domains="not Smiling,Smiling"),
    }[name]
    with pytest.raises(UserError, match=f"--{name} needs a class for each image.*--label=Smiling"):
        Config(dataset="celeb_a", **options).resolve()
    Config(dataset="celeb_a", label="Smiling", **options).resolve()
