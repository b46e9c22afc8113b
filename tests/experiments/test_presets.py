"""The presets and the Makefile targets that use them."""

import re

import pytest

from gan_tf.options import flags
from gan_tf.options.config import Config
from tests.conftest import ROOT

PRESETS = sorted((ROOT / "experiments").glob("*.flags"))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda path: path.stem)
def test_a_preset_is_a_valid_run_and_says_what_it_reached(preset):
    config, _ = flags.parse(Config, ["", f"--flagfile={preset}"], "")
    config = config.resolve()
    header = "".join(line for line in preset.read_text().splitlines(True) if line.startswith("#"))
    assert config.run_dir.startswith("runs/")
    assert preset.stem == "demo" or preset.stem.endswith(f"-{config.dataset}")
    assert re.search(r"make |python -m gan_tf\.main", header), "the command"
    assert re.search(r"\d+ (s|min)\b", header), "the time it took"
    assert re.search(r"\d{4}-\d\d-\d\d", header), "the date"


def test_the_presets_that_the_makefile_names_are_there():
    named = re.findall(r"--flagfile=experiments/(\S+)", (ROOT / "Makefile").read_text())
    assert len(named) == 3
    assert set(named) <= {preset.name for preset in PRESETS}
