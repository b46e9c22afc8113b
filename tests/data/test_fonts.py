"""The data set of fonts: pairs, what is left out, and what is held out."""

import importlib.util
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import left_out, pipeline
from gan_tf.data.build import build
from gan_tf.data.examples import collect
from gan_tf.data.fonts import Fonts, shipped
from gan_tf.errors import UserError
from gan_tf.options.config import Config

CHARACTERS = "".join(map(chr, range(0x21, 0x7F)))


def fonts(**options):
    targets = options.pop("targets", ("DejaVuSerif", "STIXGeneral"))
    options = {"charset": CHARACTERS, "image_size": 16} | options
    return Fonts(target_fonts=tuple(map(shipped, targets)), **options)


def rows(source):
    """{part: {(bytes of the source, label)}}."""
    found = {}
    for name, batches in (("train", source.batches()), ("held out", source.held_out())):
        arrays = collect(batches)
        pictures = [each.tobytes() for each in arrays["image"]]
        found[name] = set(zip(pictures, arrays["label"].tolist()))
        assert len(found[name]) == len(pictures)
    return found


def test_nothing_needs_to_be_given():
    source = Fonts()
    assert (
        source.label_names[:2] == ("DejaVuSerif", "DejaVuSansMono") and len(source.label_names) == 6
    )
    assert source.sample_shape == (64, 64, 1) and source.num_examples == 6 * 780


def test_each_pair_is_the_same_character_in_two_fonts():
    source = fonts()
    arrays = collect(source.batches())
    assert {name: (each.dtype, each.shape[1:]) for name, each in arrays.items()} == {
        "image": ("uint8", (16, 16, 1)),
        "target": ("uint8", (16, 16, 1)),
        "label": ("int64", ()),
    }
    held_out = len(collect(source.held_out())["label"])
    assert held_out == 2 * (94 // 4) and len(arrays["label"]) == 2 * 94 - held_out
    # A character is more like itself in another font than like another character.
    pairs = [arrays[name].reshape(len(arrays["label"]), -1) / 255 for name in ("image", "target")]
    same = np.abs(pairs[0] - pairs[1]).mean()
    others = np.abs(pairs[0] - np.roll(pairs[1], 20, axis=0)).mean()
    assert same < 0.6 * others


def test_characters_are_held_out_in_all_fonts():
    found = rows(fonts())
    seen, unseen = ({picture for picture, _ in found[part]} for part in ("train", "held out"))
    assert not seen & unseen and len(found["held out"]) == 2 * len(unseen)


def test_pairs_can_be_held_out_instead():
    found = rows(fonts(hold_out="pairs"))
    seen, unseen = ({picture for picture, _ in found[part]} for part in ("train", "held out"))
    assert not found["train"] & found["held out"]
    assert len(unseen - seen) < len(unseen) / 2


def test_nothing_is_held_out_on_demand():
    source = fonts(charset="ABCD", hold_out="none")
    assert len(collect(source.batches())["label"]) == 8 and list(source.held_out()) == []


def test_the_choice_does_not_depend_on_the_fonts():
    one, other = rows(fonts())["held out"], rows(fonts(targets=("DejaVuSansMono",)))["held out"]
    assert {picture for picture, _ in one} == {picture for picture, _ in other}


def test_missing_blank_and_repeated_characters_are_left_out_and_listed():
    source = fonts(charset="AB永\u2800ÐĐƉ", targets=("DejaVuSans-Bold", "cmr10"))
    arrays = collect(source.batches()), collect(source.held_out())
    assert sum(np.bincount(each["label"], minlength=2) for each in arrays).tolist() == [2, 2]
    assert source.skipped == [
        ("永 (U+6C38) in DejaVuSans", "not in the font"),
        ("⠀ (U+2800) in DejaVuSans", "blank"),
        *[
            (f"{each} (U+{ord(each):04X}) in DejaVuSans", "the same picture as others")
            for each in "ÐĐƉ"
        ],
    ]
    (sentence,) = left_out.sentences(source.skipped)
    assert sentence.startswith("5 images were left out: 'Ð (U+00D0) in DejaVuSans'")


def test_what_a_target_lacks_costs_that_pair_alone():
    source = fonts(charset="ABCDŁЖ", targets=("DejaVuSans-Bold", "cmr10"))
    arrays = collect(source.batches()), collect(source.held_out())
    assert sum(np.bincount(each["label"], minlength=2) for each in arrays).tolist() == [6, 4]
    assert dict(source.skipped).keys() == {"Ł (U+0141) in cmr10", "Ж (U+0416) in cmr10"}


def test_two_fonts_of_one_name_are_refused():
    with pytest.raises(UserError, match="two fonts of the name 'DejaVuSans'"):
        fonts(targets=("DejaVuSans", "DejaVuSans"))


def test_other_pictures_have_another_key_and_the_same_fonts_elsewhere_the_same(tmp_path):
    source = fonts()
    keys = {source.cache_key}
    for change in (
        {"charset": "ABCD"},
        {"image_size": 32},
        {"hold_out": "pairs"},
        {"targets": ("DejaVuSerif",)},
        {"source_font": shipped("DejaVuSansMono")},
    ):
        keys.add(fonts(**change).cache_key)
    assert len(keys) == 6
    moved = tmp_path / "DejaVuSans.ttf"
    shutil.copy(shipped("DejaVuSans"), moved)
    again = fonts(source_font=str(moved))
    assert (again.cache_key, again.content()) == (source.cache_key, source.content())
    assert source.content(classes=[0]) == fonts(targets=("DejaVuSerif",)).content()


def test_a_text_is_drawn_in_the_source_font_also_with_characters_outside_the_set():
    source = fonts()
    drawn = source.sources("A ж")
    assert drawn.shape == (2, 16, 16, 1)
    assert drawn[0].tobytes() in {picture for part in rows(source).values() for picture, _ in part}
    for text, word in (("永", "永 .U.6C38.: not in the font"), ("  ", "no character")):
        with pytest.raises(UserError, match=word):
            source.sources(text)


def test_each_character_is_drawn_once_and_what_the_source_lacks_is_told():
    source = fonts(charset="AB永")
    pictures, skipped = source.source_pictures()
    assert list(pictures) == ["A", "B"] and skipped == [
        ("永 (U+6C38) in DejaVuSans", "not in the font")
    ]
    of_text, nothing = source.source_pictures("B жB")
    assert list(of_text) == ["B", "ж"] and nothing == []
    np.testing.assert_array_equal(of_text["B"], pictures["B"])
    with pytest.raises(UserError, match="not in the font"):
        source.source_pictures("永")


def test_a_folder_as_the_source_has_no_widths(tmp_path):
    Image.new("L", (9, 9)).save(tmp_path / "A.png")
    with pytest.raises(UserError, match="give a font with --source_font"):
        fonts(charset="A", source_font=str(tmp_path)).layout(0)


@pytest.mark.parametrize("found", [None, "elsewhere"])
def test_without_the_fonts_of_matplotlib_some_have_to_be_named(monkeypatch, tmp_path, found):
    package = found and SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    paths = [shipped("cmr10")]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: package)
    with pytest.raises(UserError, match="give font files with --source_font and --target_fonts"):
        Fonts()
    assert Fonts(source_font=paths[0], target_fonts=tuple(paths)).label_names == ("cmr10",)


def test_flags_build_it_and_a_subset_of_its_fonts(tmp_path):
    config = Config(
        gan="pix2pix",
        dataset="fonts",
        charset="ABCDEFGHIJKLMNOP",
        classes="DejaVuSerif",
        image_size=16,
        discriminator="patchgan(1)",
    ).resolve()
    source = build(config)
    data = pipeline.load(source, cache_dir=str(tmp_path))
    assert source.label_names == ("DejaVuSerif",) and set(data.labels) == {0}
    assert data.samples.shape == (12, 16, 16, 1) == data.arrays["image"].shape
    assert len(pipeline.load_held_out(source)) == 4
