"""Links between the pages: files and headings that are linked exist."""

import pytest

from tests.conftest import ROOT
from tests.docs import markdown

ELSEWHERE = ("https://", "http://", "mailto:")


@pytest.mark.parametrize("page", markdown.PAGES, ids=markdown.name)
def test_what_a_page_links_to_exists(page):
    for link in markdown.links(page.read_text()):
        if link.target.startswith(ELSEWHERE):
            continue
        path, _, anchor = link.target.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in markdown.anchors(target.read_text()), link


def test_the_index_lists_every_page():
    index = ROOT / "docs" / "README.md"
    linked = {link.target for link in markdown.links(index.read_text())}
    pages = {page.name for page in index.parent.glob("*.md")} - {index.name}
    assert pages <= linked


def test_links_headings_and_code_are_told_apart():
    text = (
        "# A page: of `code`\n\nsee [it](a.md#b), `[not](this.md)` and ![p](x.png)\n\n"
        "    [nor](this.md)\n\n```\n# no heading\n```\n\n## A page of code\n## A page of code\n"
    )
    targets = [each.target for each in markdown.links(text)]
    assert targets == ["a.md#b", "x.png"]
    assert markdown.anchors(text) == {"a-page-of-code", "a-page-of-code-1", "a-page-of-code-2"}


@pytest.mark.parametrize("page", markdown.PAGES, ids=markdown.name)
def test_the_rows_of_a_table_have_as_many_cells_as_its_head(page):
    for table in markdown.tables(page.read_text()):
        assert len({len(row) for row in table}) == 1, table
