"""The Chinese pages have the commands, code and links of the English ones."""

import pytest

from tests.conftest import ROOT
from tests.docs import markdown

PAIRS = [
    (ROOT / "README.md", ROOT / "README.zh-CN.md"),
    (ROOT / "docs" / "quick_start.md", ROOT / "docs" / "quick_start.zh-CN.md"),
]


@pytest.mark.parametrize("english, chinese", PAIRS, ids=lambda page: page.name)
def test_commands_and_code_are_those_of_the_english_page(english, chinese):
    ours, theirs = chinese.read_text(), english.read_text()
    for program in ("make", "python -m", "source", "pip install"):
        assert markdown.commands(ours, program) == markdown.commands(theirs, program)
    assert len(markdown.commands(ours, "python -m")) > 3
    assert sorted(markdown.spans(ours)) == sorted(markdown.spans(theirs))


def targets(page):
    links = markdown.links(page.read_text())
    return {link.target.replace(".zh-CN.md", ".md") for link in links}


@pytest.mark.parametrize("english, chinese", PAIRS, ids=lambda page: page.name)
def test_links_are_those_of_the_english_page_and_lead_to_the_other_language(english, chinese):
    assert targets(chinese) == targets(english)
    for page, other in ((english, chinese), (chinese, english)):
        assert f"]({other.name})" in page.read_text()
