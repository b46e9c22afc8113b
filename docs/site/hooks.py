"""What the site is built of: pages where they lie in the project, and what they link to.

Pages keep the paths that they have in the project, so that the links between them hold on the site
as they do in the repository. Pictures are copied; program text and folders that a page links to
become pages of their own; notebooks become Markdown. Nothing may be loaded from other servers.
"""

import ast
import html
import pathlib
import re

import nbformat
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from nbconvert import MarkdownExporter
from traitlets.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ("*.md", "docs/**/*.md", "experiments/**/*.md", "docs/**/*.ipynb")
ASSETS = ("docs/site/*.css", "docs/site/*.js")
COPIED = (".css", ".js", ".png", ".jpg", ".gif", ".webp", ".svg", ".wav")
_LINK = re.compile(r"\]\(([^()\s#]+)(?:#[^()\s]*)?\)")
# What a browser loads by itself; links that are clicked may lead anywhere.
_LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio)\b[^>]*?\ssrc=[\"']?(?:https?:)?//[^\s\"'>]+"
    r"|<link\b(?![^>]*\brel=[\"']?canonical)[^>]*?\shref=[\"']?(?:https?:)?//[^\s\"'>]+"
    r"|(?:url\(|@import )[\"']?(?:https?:)?//[^\s\"')]+"
)
_BLOCK = re.compile(r'<div class="((?:language-text )?highlight)">(<pre>.*?</pre>)', re.DOTALL)
_COLUMNS = re.compile(r"\S {3,}[^\s#]")
_FLAG = re.compile(r"(?<![^\s>])--\w+")
_AS_FLAG = r'<span class="flag">\g<0></span>'
_PRE = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)
_CODE = re.compile(r"<code>([^<]*)</code>")
_SHORT = 28  # characters of code that stay in one piece
_COMMENT = re.compile(r"(?<=\S) {3,}(?=#)")
_CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)
_LONG = 60  # characters in a cell of a table
_IMAGE = re.compile(
    r"<a [^>]*>(?:(?!</a>).)*</a>|<img[^>]*\ssrc=\"(?!data:)([^\"]+)\"[^>]*>", re.DOTALL
)
_NAMELESS = re.compile(
    r'(<li class="doc-section-item field-body">)\s*\u2013'
)  # what functions return
_OUTPUTS = re.compile(r"(\n    \S[^\n]*)(?:\n[ \t]*){3,}(?=\n    \S)")  # of cells of a notebook


class TextPage(File):
    """A notebook, program text or folder, shown as a page."""

    def is_documentation_page(self):
        return True


@event_priority(100)  # before plugins look at the files
def on_files(files, config):
    """Returns the files of the theme, the pages of the project, and what they link to."""
    pages = [path for pattern in PAGES for path in sorted(ROOT.glob(pattern))]
    assets = [path for pattern in ASSETS for path in sorted(ROOT.glob(pattern))]
    linked = {path: None for page in pages for path in _linked(page)}
    of_theme = [each for each in files if each.src_dir != config.docs_dir]
    own = [_file(path, config) for path in dict.fromkeys([*pages, *assets, *linked])]
    return Files([*of_theme, *own])


def on_page_read_source(page, config):
    """Returns the Markdown of notebooks, program text and folders."""
    path = ROOT / page.file.src_uri
    if path.suffix == ".ipynb":
        notebook = nbformat.read(path, as_version=4)
        within = Config({"ExtractOutputPreprocessor": {"enabled": False}})  # pictures in the text
        text = MarkdownExporter(config=within).from_notebook_node(notebook)[0]
        return _OUTPUTS.sub(r"\1\n", text)
    if not isinstance(page.file, TextPage):
        return None
    head = f"---\nsearch:\n  exclude: true\n---\n# `{page.file.src_uri}`\n\n"
    if path.is_dir():
        return head + "\n".join(f"- {_described(each)}" for each in sorted(path.glob("[!_.]*.py")))
    return f"{head}`````{path.suffix[1:]}\n{path.read_text()}\n`````\n"


def on_page_content(content, **_):
    """Returns the page, with what narrow windows need.

    Code that must not be broken is marked: short pieces, flags, which browsers would break after their
    dashes, and columns; longer entries may be broken between their arguments. Cells of long text are
    marked, and a click on a picture shows it in its own size.
    """
    parts = _PRE.split(content)  # every second one is a block of code
    parts[::2] = (_CODE.sub(_inline, part.replace(" ± ", "\u00a0±\u00a0")) for part in parts[::2])
    content = _BLOCK.sub(_marked, "".join(parts))
    content = _CELL.sub(_cell, content.replace("、<code", "、<wbr><code"))
    return _IMAGE.sub(_enlarged, _NAMELESS.sub(r"\1", content))


def on_post_page(output, page, **_):
    """Returns the page, with its language."""
    chinese = page.file.src_uri.endswith(".zh-CN.md")
    return output.replace('<html lang="en"', '<html lang="zh-CN"', 1) if chinese else output


def on_post_build(config):
    """Checks that no page makes a browser load anything from another server.

    Raises:
        PluginError: naming what would be loaded, and where.
    """
    site = pathlib.Path(config.site_dir)
    for path in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        found = _LOADED.search(path.read_text())
        if found:
            raise PluginError(f"{path.relative_to(site)} loads from elsewhere: {found[0]}")


def _linked(page):
    """The files and folders of the project that a page links to, and its pictures."""
    for target in _LINK.findall(page.read_text()):
        path = (page.parent / target).resolve()
        if ":" not in target and path.exists() and path.is_relative_to(ROOT):
            yield path


def _file(path, config):
    uri = path.relative_to(ROOT).as_posix()
    where = uri, str(ROOT), config.site_dir, config.use_directory_urls
    if path.suffix in (".md", *COPIED):
        return File(*where)
    listed = path.suffix == ".ipynb"
    inclusion = InclusionLevel.UNDEFINED if listed else InclusionLevel.NOT_IN_NAV
    return TextPage(*where, dest_uri=f"{uri}.html", inclusion=inclusion)


def _inline(code):
    """Code in a text, with its flags, or as a whole, marked; or with places where it can be broken."""
    text = code[1]
    if " " not in text:
        if len(html.unescape(text)) <= _SHORT:
            return f'<code class="short">{text}</code>'
        text = re.sub(r"(?<=[(,=])(?=.)", "<wbr>", text)
    return f"<code>{_FLAG.sub(_AS_FLAG, text)}</code>"


def _marked(block):
    """A block of text, marked if it has columns, and its flags; comments beside commands are no column."""
    columns = " columns" if _COLUMNS.search(re.sub("<[^>]*>", "", block[2])) else ""
    content = block[2] if columns else _COMMENT.sub("  ", block[2])
    return f'<div class="{block[1]}{columns}">{_FLAG.sub(_AS_FLAG, content)}'


def _cell(cell):
    """A cell of a table, marked if its text is long."""
    long = len(re.sub("<[^>]*>", "", cell[2])) > _LONG
    return f'<td class="long"{cell[1]}>{cell[2]}</td>' if long else cell[0]


def _enlarged(image):
    """A picture that leads to itself, unless it leads somewhere already."""
    return f'<a class="picture" href="{image[1]}">{image[0]}</a>' if image[1] else image[0]


def _described(module):
    """The name of a module, and the first line of its docstring."""
    summary = (ast.get_docstring(ast.parse(module.read_text())) or "").partition("\n")[0]
    return f"`{module.name}`: {summary}"
