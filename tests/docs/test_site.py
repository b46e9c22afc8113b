"""The site: what its pages link to becomes part of it, and nothing is loaded from elsewhere."""

import importlib.util
import re
import types

import pytest

from tests.conftest import ROOT

pytest.importorskip("mkdocs", reason="needs the extra docs")
pytest.importorskip("nbconvert", reason="needs the extra docs")


@pytest.fixture(scope="module")
def hooks():
    spec = importlib.util.spec_from_file_location("hooks", ROOT / "docs" / "site" / "hooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    from mkdocs.config import load_config

    site = str(tmp_path_factory.mktemp("site"))
    return load_config(str(ROOT / "mkdocs.yml"), site_dir=site, use_directory_urls=False)


def test_pages_keep_their_paths_and_bring_what_they_link_to(hooks, config):
    files = hooks.on_files([], config)
    for uri, url in {
        "README.md": "index.html",
        "docs/quick_start.md": "docs/quick_start.html",
        "experiments/README.md": "experiments/index.html",
        "experiments/gallery/glyphs-dcgan.png": "experiments/gallery/glyphs-dcgan.png",
        "gan_tf/gans/base.py": "gan_tf/gans/base.py.html",
        "docs/tutorials/first_gan.ipynb": "docs/tutorials/first_gan.ipynb.html",
    }.items():
        assert files.get_file_from_path(uri).dest_uri == url
    assert files.get_file_from_path("gan_tf/gans/fitting.py") is None  # nobody links to it


def test_program_text_notebooks_and_folders_become_pages(hooks, config):
    files = hooks.on_files([], config)

    def text(uri):
        page = types.SimpleNamespace(file=files.get_file_from_path(uri))
        return hooks.on_page_read_source(page, config)

    assert "# `gan_tf/gans/base.py`\n\n`````py\n" in text("gan_tf/gans/base.py")
    assert "```python\nimport gan_tf\n" in text("docs/tutorials/first_gan.ipynb")
    assert "- `json_file.py`: " in text("gan_tf/files")
    assert text("README.md") is None  # as it is


def test_flags_are_marked_and_commands_are_not(hooks):
    html = "<code>--loss</code> <code>make demo</code> <pre><code>--loss\n</code></pre>"
    marked = hooks.on_page_content(html)
    assert marked == html.replace("<code>--loss</code>", '<code class="short">--loss</code>')


def test_flags_of_commands_stay_in_one_piece(hooks):
    html = (
        '<div class="highlight"><pre><span></span><code>--a=1 x --b_c="-- --d"\n</code></pre></div>'
    )
    marked = hooks.on_page_content(html)
    assert re.findall('<span class="flag">(.*?)</span>', marked) == ["--a", "--b_c", "--d"]
    assert re.sub('<span class="flag">(.*?)</span>', r"\1", marked) == html


def test_flags_in_texts_stay_in_one_piece_and_long_entries_break_between_arguments(hooks):
    html = "<code>gan-tf train --loss=hinge</code> <code>label_flipping(probability=0.05, x)</code>"
    html += " <code>style_mixing(probability=0.9,more)</code>"
    marked = hooks.on_page_content(html)
    assert '<span class="flag">--loss</span>=hinge' in marked
    assert "<code>style_mixing(<wbr>probability=<wbr>0.9,<wbr>more)</code>" in marked
    assert re.sub("<wbr>|</?span[^>]*>", "", marked) == html


def test_a_value_and_its_deviation_stay_together(hooks):
    assert hooks.on_page_content("<td>3 ± 1</td>") == "<td>3\u00a0±\u00a01</td>"


def test_long_cells_are_marked(hooks):
    short, long = "<td>a <code>b</code></td>", f"<td>{'word ' * 13}</td>"
    assert hooks.on_page_content(short + long) == (
        short.replace("<code>", '<code class="short">') + long.replace("<td>", '<td class="long">')
    )


def test_a_picture_leads_to_itself_unless_it_leads_elsewhere(hooks):
    alone, linked = '<img alt="a" src="x.png" />', '<a href="y"><img src="x.png"> text</a>'
    of_notebook = '<img alt="b" src="data:image/png;base64,AAAA" />'
    assert hooks.on_page_content(alone + linked + of_notebook) == (
        f'<a class="picture" href="x.png">{alone}</a>{linked}{of_notebook}'
    )


def test_comments_beside_commands_follow_after_two_spaces(hooks):
    block = (
        '<div class="highlight"><pre><span></span><code>make demo{}# digits\n</code></pre></div>'
    )
    assert hooks.on_page_content(block.format(" " * 9)) == block.format("  ")


def test_chinese_pages_say_so(hooks):
    html = '<html lang="en" class="no-js">'

    def made(uri):
        page = types.SimpleNamespace(file=types.SimpleNamespace(src_uri=uri))
        return hooks.on_post_page(html, page)

    assert made("README.md") == html
    assert made("README.zh-CN.md").startswith('<html lang="zh-CN"')


def test_blocks_with_columns_are_marked_and_commands_with_comments_are_not(hooks):
    commands, columns = "make demo     # digits\n", "flags.txt     every option\n"
    block = '<div class="highlight"><pre><span></span><code>{}</code></pre></div>'
    html = block.format(commands) + block.format(columns)
    first, second = hooks.on_page_content(html).split("</div>")[:2]
    assert first == block.format("make demo  # digits\n").removesuffix("</div>")
    assert second.startswith('<div class="highlight columns"><pre>')


@pytest.mark.parametrize(
    "html, loads",
    [
        ('<script defer src="https://unpkg.com/x"></script>', True),
        ("<link href=//fonts.gstatic.com rel=preconnect>", True),
        ('<style>@import "https://a.org/x.css"</style>', True),
        ('<img alt="" src="http://a.org/x.png">', True),
        ('<link rel="canonical" href="http://127.0.0.1/">', False),
        ('<a href="https://arxiv.org/abs/1406.2661">the paper</a><img src="../x.png">', False),
    ],
)
def test_pages_that_load_from_elsewhere_are_refused(hooks, tmp_path, html, loads):
    from mkdocs.exceptions import PluginError

    (tmp_path / "page.html").write_text(html)
    config = types.SimpleNamespace(site_dir=str(tmp_path))
    if not loads:
        hooks.on_post_build(config)
        return
    with pytest.raises(PluginError, match=r"page\.html loads from elsewhere: "):
        hooks.on_post_build(config)
