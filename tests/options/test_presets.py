"""The presets, and the Makefile targets that use them."""

import re

import pytest

from gan_tf.errors import UserError
from gan_tf.options import flags, presets
from gan_tf.options.config import Config
from tests.conftest import ROOT


@pytest.mark.parametrize("preset", presets.names())
def test_a_preset_is_a_valid_run_and_says_what_it_reached(preset):
    config, _ = flags.parse(Config, ["", f"--preset={preset}"], "")
    config = config.resolve()
    text = presets.path(preset).read_text()
    header = "".join(line for line in text.splitlines(True) if line.startswith("#"))
    assert config.run_dir.startswith("runs/")
    assert preset == "demo" or preset.endswith(f"-{config.dataset}")
    assert re.search(rf"make |python -m gan_tf\.main --preset={preset}\b", header), "the command"
    assert re.search(r"\d+ (s|min)\b", header), "the time it took"
    assert re.search(r"\d{4}-\d\d-\d\d", header), "the date"
    named = re.findall(r"experiments/[\w./-]+\w", header)
    assert all((ROOT / each).is_file() for each in named), "what it refers to"


def test_the_summary_is_the_first_sentence():
    assert presets.summary("dcgan-mnist") == "DCGAN on MNIST."
    assert presets.summary("wgan-mnist") == "WGAN on MNIST, as published."
    assert len({presets.summary(each) for each in presets.names()}) == len(presets.names())


def test_only_presets_have_a_path():
    with pytest.raises(UserError, match=r"no preset 'dcgan' \(did you mean "):
        presets.path("dcgan")
    with pytest.raises(UserError, match="no preset"):
        presets.path("../presets/demo")


def test_the_presets_that_the_makefile_names_are_there():
    named = re.findall(r"--preset=(\S+)", (ROOT / "Makefile").read_text())
    assert len(named) == 3
    assert set(named) <= set(presets.names())
