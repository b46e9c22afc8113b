"""Each method has its place on a page, and pages of methods have the sections that readers look for."""

import re

import pytest

from gan_tf import registry
from tests.conftest import ROOT
from tests.docs import markdown

DOCS = ROOT / "docs"
METHODS = (
    "bigan",
    "conditioning",
    "cyclegan",
    "dcgan",
    "fastgan",
    "fonts",
    "losses",
    "mocogan",
    "penalties",
    "r3gan",
    "seqgan",
    "sequences",
    "stylegan2",
    "translation",
    "tricks",
    "wavegan",
)


@pytest.mark.parametrize(
    "page, entries",
    [
        ("gan_kinds", registry.GANS),
        ("toolbox", registry.ARCHITECTURES),
        ("losses", registry.LOSSES),
        ("translation", registry.CONTENT_LOSSES),
        ("penalties", registry.PENALTIES),
        ("conditioning", registry.CONDITIONINGS),
        ("tricks", registry.TRICKS),
        ("toolbox", registry.PRIORS),
        ("seqgan", registry.REWARDS),
    ],
    ids=lambda each: getattr(each, "kind", each),
)
def test_each_entry_is_on_its_page(page, entries):
    spans = markdown.spans((DOCS / f"{page}.md").read_text())
    named = {re.match(r"\w*", span)[0] for span in spans}
    named |= {value for span in spans for value in re.findall(r"^--\w+=\"?(\w+)", span)}
    assert set(entries.own_entries) <= named


@pytest.mark.parametrize("page", METHODS)
def test_the_page_of_a_method_has_its_sections(page):
    text = (DOCS / f"{page}.md").read_text()
    assert markdown.commands(text, "python -m gan_tf.main")
    assert re.search(r"!\[[^]]+\]\(\.\./experiments/", text), "no picture of a run"
    assert re.search(r"\b20\d\d-\d\d-\d\d\b", text), "no date of a measurement"
    titles = " / ".join(re.findall(r"^###? (.+)$", text, re.MULTILINE))
    for title in (
        "Flags|Entries|Losses|losses|The game",
        "Logged|healthy run",
        "Implementation|Departures|Differences",
        "Results|Measured|What to expect",
    ):
        assert re.search(title, titles), title
    (papers,) = re.findall(r"^## Papers?\n(.+)\Z", text, re.MULTILINE | re.DOTALL)
    assert "](https://arxiv.org/abs/" in papers
