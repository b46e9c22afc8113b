"""The page of sound in a browser: clips are heard and seen, and interpolated between seeds."""

import pytest

from tests.explorer.chromium import Chromium
from tests.explorer.test_translations_in_browser import serve

_SEEN = "[...document.querySelectorAll('#sounds img')].every((each) => each.naturalWidth === 128)"


@pytest.mark.slow
@pytest.mark.parametrize("phone", [False, True])
def test_clips_are_heard_and_seen(sounding, phone, tmp_path):
    size = {"width": 390, "height": 844, "touch": True} if phone else {}
    sounding.run.samples.mkdir(exist_ok=True)
    for suffix, content in sounding.modality.snapshot_files(sounding.images(20)).items():
        (sounding.run.samples / f"step-00000000{suffix}").write_bytes(content)
    with Chromium(tmp_path / "profile", **size) as browser:
        browser.open(serve(str(sounding.run.path)))
        browser.wait(f"document.querySelectorAll('#sounds img').length === 16 && {_SEEN}")
        assert browser.run("document.documentElement.scrollWidth") <= size.get("width", 1280)
        assert browser.run("document.querySelectorAll('#label option').length") == 11
        beside = "document.querySelector('#sounds li').offsetTop === {}.offsetTop"
        assert browser.run(beside.format("document.querySelector('#sounds li:nth-child(2)')"))

        browser.drag("#sounds button", [(0.5, 0.7)])
        sound = "document.querySelector('#sounds audio')"
        browser.wait(f"{sound}.ended")
        assert browser.run(f"{sound}.duration") == pytest.approx(600 / 8000)

        snapshot = "document.querySelector('#snapshots audio')"
        browser.run(f"{snapshot}.preload = 'auto'")
        browser.wait(f"{snapshot}.duration > 3.5")  # sixteen clips and pauses
        assert browser.run("document.querySelector('#snapshots img').naturalWidth") == 5 * 130 - 2

        browser.run("{ const to = document.querySelector('#to'); to.value = 5; to.oninput(); }")
        browser.wait("document.querySelector('#sounds span').textContent.includes(' to 5')")
        sources = browser.run(
            "[...document.querySelectorAll('#sounds audio')].map((each) => each.getAttribute('src'))"
        )
        shares = [each.rpartition("=")[2] for each in sources]
        assert (shares[0], shares[-1], len(shares)) == ("0.0000", "1.0000", 16)
        assert sources[3] == "/clip.wav?seed=0&to=5&share=0.2000"
        browser.wait(_SEEN)
        assert browser.run("document.querySelector('#problem').hidden")
        assert not browser.errors
