"""Which page a run gets: a matter of what its generator samples from, and of what it makes."""

import pytest

from gan_tf.errors import UserError
from gan_tf.explorer.pages import page
from gan_tf.options.config import Config
from gan_tf.registry import GANS, PAGES


def config(**options):
    return Config(**{"dataset": "mnist", "arch": "mlp"} | options).resolve()


@pytest.mark.parametrize("name", PAGES.names())
def test_each_page_says_what_it_shows_and_how(name):
    attributes = PAGES.entry(name).attributes
    sources = {each.attributes["source"] for each in GANS.entries.values()}
    assert attributes["source"] in sources and attributes["modalities"]
    assert (page.TEMPLATES / attributes["template"]).is_file()


def test_a_page_is_chosen_by_what_the_generator_samples_from():
    assert page.choose(config()) == "latent_images"
    assert page.choose(config(gan="bigan")) == "latent_images"
    translation = config(gan="pix2pix", arch="unet", pair_by="edges")
    assert page.choose(translation) == "translated_images"


def test_runs_on_any_data_of_images_have_a_page():
    assert page.choose(config(dataset="celeb_a")) == "latent_images"
    folders = config(gan="cyclegan", arch=None, dataset="unpaired_folders", image_dir="x")
    assert page.choose(folders) == "translated_images"


def test_data_that_draw_texts_have_a_page_of_texts():
    fonts = config(gan="zi2zi", arch="unet", dataset="fonts")
    assert page.choose(fonts) == "written_texts"
    one = config(gan="pix2pix", arch="unet", dataset="fonts", classes="DejaVuSerif")
    assert page.choose(one) == "written_texts"
    labels = config(gan="zi2zi", arch="unet", pair_by="edges")
    with pytest.raises(UserError, match="labels of fonts only, and this run is of mnist"):
        page.choose(labels)


def test_no_two_pages_show_the_same():
    shown = [
        (each.attributes["source"], modality, each.attributes["writes"])
        for each in PAGES.entries.values()
        for modality in each.attributes["modalities"]
    ]
    assert len(shown) == len(set(shown))


def test_what_no_page_shows_is_refused(monkeypatch):
    monkeypatch.setattr(page.PAGES, "entries", {})
    with pytest.raises(UserError, match="no page for runs of --gan=standard: give another run"):
        page.choose(config())
