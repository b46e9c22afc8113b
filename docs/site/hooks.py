"""What the site is built of: pages where they lie in the project, and what they link to.

Pages keep the paths that they have in the project, so that the links between them hold on the site
as they do in the repository. Pictures are copied; program text and folders that a page links to
become pages of their own; notebooks become Markdown. Nothing may be loaded from other servers.
"""

import ast
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
_SHORT = re.compile(r"<code>(?=[^<\s]{1,28}</code>)")


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
        return MarkdownExporter(config=within).from_notebook_node(notebook)[0]
    if not isinstance(page.file, TextPage):
        return None
    head = f"---\nsearch:\n  exclude: true\n---\n# `{page.file.src_uri}`\n\n"
    if path.is_dir():
        return head + "\n".join(f"- {_described(each)}" for each in sorted(path.glob("[!_.]*.py")))
    return f"{head}`````{path.suffix[1:]}\n{path.read_text()}\n`````\n"


def on_page_content(html, **_):
    """Returns the page, with code marked that must not be broken: short pieces, flags, and columns.

    Browsers would break `--flag` after its dashes.
    """
    return _BLOCK.sub(_marked, _SHORT.sub('<code class="short">', html))


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


def _marked(block):
    """A block of code, marked if it has columns, and its flags; comments beside commands are no column."""
    columns = " columns" if _COLUMNS.search(re.sub("<[^>]*>", "", block[2])) else ""
    content = _FLAG.sub(r'<span class="flag">\g<0></span>', block[2])
    return f'<div class="{block[1]}{columns}">{content}'


def _described(module):
    """The name of a module, and the first line of its docstring."""
    summary = (ast.get_docstring(ast.parse(module.read_text())) or "").partition("\n")[0]
    return f"`{module.name}`: {summary}"
