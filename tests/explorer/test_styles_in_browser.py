"""The page of a style-based generator in a browser: psi, layers of directions, both spaces."""

import pytest

from tests.explorer.chromium import Chromium
from tests.explorer.test_translations_in_browser import serve

_DONE = "[...document.querySelectorAll('.tile')].every((each) => each.ariaBusy === 'false')"
_MOVED = "document.querySelector('#moved img')"


def change(browser, selector, value, event="change"):
    browser.run(
        f"(() => {{ const it = document.querySelector('{selector}'); it.value = '{value}'; "
        f"it.dispatchEvent(new Event('{event}')); }})()"
    )


@pytest.mark.slow
def test_styles_are_moved_truncated_and_interpolated(style_run, tmp_path):
    with Chromium(tmp_path / "profile") as browser:
        browser.open(serve(style_run))
        browser.wait("document.querySelectorAll('#sliders select').length === 4")
        assert not browser.run("document.querySelector('#psi-control').hidden")
        assert browser.run("document.querySelector('#truncation-control').hidden")

        change(browser, "#sliders select", "4-5")
        change(browser, "#sliders input", "2", "input")
        browser.wait(f"{_MOVED}.src.includes('move=0%3A2%3A4-5')")
        change(browser, "#psi", "0.5", "input")
        browser.wait(f"{_MOVED}.src.includes('psi=0.5')")
        assert browser.run(f"{_MOVED}.alt") == "seed 0, psi 0.5, moved 0:2:4-5"

        last = "document.querySelector('#strip').children[4].querySelector('img')"
        assert not browser.run(f"{last}.src.includes('space')")
        change(browser, "#space", "z")
        browser.wait(f"{last}.src.includes('space=z')")
        browser.wait(_DONE)
        assert browser.run(f"{last}.naturalWidth") == 28
        assert browser.run("document.querySelector('#problem').hidden")
        assert not browser.errors
