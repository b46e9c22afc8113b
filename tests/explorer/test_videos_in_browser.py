"""The page of videos in a browser: they load, show their frames, and mix content and motion."""

import pytest

from tests.explorer.chromium import Chromium
from tests.explorer.test_translations_in_browser import serve

_DONE = "[...document.querySelectorAll('#{} img')].every((each) => each.naturalWidth > 0)"


@pytest.mark.slow
def test_videos_play_and_show_their_frames(moving_run, tmp_path):
    with Chromium(tmp_path / "profile") as browser:
        browser.open(serve(str(moving_run.run.path)))
        browser.wait("document.querySelectorAll('#videos img').length === 16")
        browser.wait(_DONE.format("videos"))
        first = "document.querySelector('#videos img')"
        assert browser.run(f"{first}.naturalWidth") == 28
        assert browser.run("document.querySelector('#videos a').getAttribute('href')").startswith(
            "/video.webp?seed=0"
        )
        browser.run("document.querySelector('#videos button').click()")
        browser.wait(f"{first}.naturalWidth === 6 * 28")
        browser.run("document.querySelector('#videos button').click()")
        browser.wait(f"{first}.naturalWidth === 28")

        assert not browser.run("document.querySelector('#motion').hidden")
        browser.wait(_DONE.format("grid"))
        sources = browser.run(
            "[...document.querySelectorAll('#grid img')].map((each) => each.getAttribute('src'))"
        )
        assert len(sources) == 36 and sources[8] == "/video.webp?seed=1&motion=2"
        browser.run("document.querySelector('#next').click()")
        browser.wait(f"{first}.getAttribute('src') === '/video.webp?seed=16'")
        browser.wait(_DONE.format("videos"))
        assert browser.run("document.querySelector('#problem').hidden")
        assert not browser.errors
