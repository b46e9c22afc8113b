"""The page of a translation in a browser: drawing, pictures, examples, comparing, saving."""

import json
import socket
import threading
import time
import urllib.error
import urllib.request

import numpy as np
import pytest
from PIL import Image

from gan_tf.explorer import server
from gan_tf.sampling.image_translator import ImageTranslator
from tests.explorer.chromium import Chromium

_DONE = """
document.querySelector('#output').naturalWidth
    && document.querySelector('#compare').ariaBusy === 'false'
"""
_PIXELS = """
(() => {
    const width = SHOWN.naturalWidth ?? SHOWN.width, height = SHOWN.naturalHeight ?? SHOWN.height;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context.drawImage(SHOWN, 0, 0);
    const values = context.getImageData(0, 0, width, height).data;
    return [height, width, ...values.filter((_, i) => i % 4 === 0)];
})()
"""

_REQUESTS = """
performance.getEntriesByType('resource').filter((each) => each.name.endsWith('/output.png')).length
"""
_MANY = """
[' ', ...Array(40).fill('ArrowDown')].forEach((key) =>
    document.querySelector('#drawing').dispatchEvent(new KeyboardEvent('keydown', {key})))
"""


@pytest.fixture(scope="module")
def address(translated):
    """The page, served by a thread."""
    listener = socket.create_server(("127.0.0.1", 0))
    arguments = (translated.run, "last", "127.0.0.1", listener)
    threading.Thread(target=server.serve, args=arguments, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


@pytest.fixture(scope="module")
def translate(translated):
    network, multiple, scale = translated.translator()
    function = ImageTranslator(network, translated.modality, multiple, scale)
    return lambda source: function(source[..., None])[..., 0]


class Page:
    """The page in a browser, and what it shows."""

    def __init__(self, browser, address):
        self.browser, self.run = browser, browser.run
        browser.open(address)
        browser.wait(_DONE)

    def pixels(self, script):
        height, width, *values = self.run(_PIXELS.replace("SHOWN", script))
        return np.reshape(np.uint8(values), (height, width))

    @property
    def source(self):
        return self.pixels("document.querySelector('#drawing')")

    def output(self):
        """The output of the newest source."""
        self.browser.wait(_DONE)
        return self.pixels("document.querySelector('#output')")

    def text(self, selector):
        return self.run(f"document.querySelector('{selector}').textContent")

    def click(self, selector):
        self.browser.drag(selector, [(0.5, 0.5)])


@pytest.mark.slow
def test_drawing_and_pictures(address, translated, translate, tmp_path):
    with Chromium(tmp_path / "profile") as browser:
        page = Page(browser, address)
        example = page.source
        np.testing.assert_array_equal(example, translated.held_out().arrays["image"][0][..., 0])
        np.testing.assert_array_equal(page.output(), translate(example))
        _draw(page, translate)
        _compare(page)
        _save(page, tmp_path)
        _give(page, translate, tmp_path)
        page.run("document.querySelectorAll('#examples .tile')[1].click()")
        browser.wait("document.querySelector('#target img').src.endsWith('target-1.png')")
        assert page.output().shape == (16, 16)
        assert not browser.errors


def _draw(page, translate):
    """With the mouse and with keys; erased, taken back, cleared."""
    page.click("#clear")
    assert page.source.max() == 0 and page.run("document.querySelector('#target').hidden")
    page.browser.drag("#drawing", [(0.2, 0.5), (0.5, 0.5), (0.8, 0.5)])
    drawn = page.source
    assert drawn[8, 4:12].min() > 200 and drawn[:5].max() == drawn[11:].max() == 0
    np.testing.assert_array_equal(page.output(), translate(drawn))

    page.click(".eraser input")
    page.browser.drag("#drawing", [(0.5, 0.2), (0.5, 0.8)])
    erased = page.source
    assert erased[8, 8] < 30 and erased[8, 4] > 200
    page.browser.press("z", control=True)
    np.testing.assert_array_equal(page.source, drawn)
    np.testing.assert_array_equal(page.output(), translate(drawn))

    page.click(".brush input")  # the pen
    page.run("document.querySelector('#drawing').focus()")
    for key, code in [("ArrowUp", 38)] * 5 + [(" ", 32)] + [("ArrowRight", 39)] * 4 + [(" ", 32)]:
        page.browser.press(key, code=code)
    by_keys = page.source
    assert by_keys[3, 8:12].min() > 200 and drawn[3].max() == 0
    page.click("#undo")
    np.testing.assert_array_equal(page.source, drawn)

    page.output()
    before = page.run(_REQUESTS)
    page.run(_MANY)
    np.testing.assert_array_equal(page.output(), translate(page.source))
    assert page.run(_REQUESTS) - before <= 2  # of 40 changes


def _compare(page):
    """The slider moves by arrow keys and by dragging the picture."""
    page.run("document.querySelector('#share').focus()")
    for _ in range(3):
        page.browser.press("ArrowRight", code=39)
    share = "getComputedStyle(document.querySelector('#compare')).getPropertyValue('--share')"
    assert page.run(share) == "3%"
    page.browser.drag("#compare", [(0.2, 0.5), (0.75, 0.5)])
    assert page.run(share) == "75%"
    beneath = page.pixels("document.querySelector('#beneath')")
    np.testing.assert_array_equal(beneath, page.source)


def _save(page, folder):
    """By a key; the file says what it is."""
    page.browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    page.run("document.querySelector('#save').focus()")
    page.browser.press("Enter", code=13)
    file = folder / "outlines-output.png"
    end = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    with Image.open(file) as saved:
        assert saved.info["Description"].startswith("Generated by a neural network")
        np.testing.assert_array_equal(np.asarray(saved), page.output())


def _give(page, translate, folder):
    """Chosen, dropped and pasted; larger than the server takes, and no picture."""
    random = np.random.default_rng(0)
    photo = random.integers(0, 256, (48, 64), np.uint8)
    Image.fromarray(photo).save(folder / "photo.png")
    page.browser.give("#file", folder / "photo.png")
    page.browser.wait("document.querySelector('#drawing').width === 21")
    assert page.output().shape == (16, 21)
    assert page.text("#target-title") == "Your picture"
    page.click("#shrink")
    page.browser.wait("document.querySelector('#drawing').width === 64")
    page.click("#degrade")
    page.browser.wait(_same("#drawing", photo[0, :4]))
    np.testing.assert_array_equal(page.source, photo)
    np.testing.assert_array_equal(page.output(), translate(photo))

    large = np.repeat(np.repeat(photo, 40, 0), 40, 1)
    Image.fromarray(large).save(folder / "large.png")
    page.browser.give("#file", folder / "large.png")
    page.browser.wait("!document.querySelector('#remark').hidden")
    assert (
        page.text("#remark")
        .replace("\u00d7", "x")
        .startswith("Scaled down from 2,560x1,920 to 1,182x886 pixels")
    )
    assert page.source.shape == (886, 1182)

    (folder / "text.png").write_text("text")
    page.browser.give("#file", folder / "text.png")
    page.browser.wait("!document.querySelector('#problem').hidden")
    assert page.text("#problem") == "This file cannot be used: not an image."
    assert page.source.shape == (886, 1182)
    (folder / "text.png").write_bytes(b"text" * (9 << 18))  # 9 MB
    page.browser.give("#file", folder / "text.png")
    page.browser.wait("document.querySelector('#problem').textContent.includes('8 MB')")
    assert page.text("#problem") == "A picture may have 8 MB: make this one smaller."
    assert page.source.shape == (886, 1182)
    for event, width in (("drop", 5), ("paste", 7)):
        page.run(_GIVEN.replace("EVENT", event).replace("WIDTH", str(width)))
        page.browser.wait(f"document.querySelector('#drawing').width === {width}")
        page.browser.wait("document.querySelector('#problem').hidden")


_GIVEN = """
new OffscreenCanvas(WIDTH, 9).getContext('2d').canvas.convertToBlob().then((blob) => {
    const data = new DataTransfer();
    data.items.add(new File([blob], 'photo.png', {type: 'image/png'}));
    const event = new Event('EVENT', {bubbles: true, cancelable: true});
    event.dataTransfer = event.clipboardData = data;
    document.body.dispatchEvent(event);
})
"""


def _same(selector, values):
    """A condition: the first pixels of a canvas have these values."""
    read = f"document.querySelector('{selector}').getContext('2d').getImageData(0, 0, 4, 1).data"
    return f"String([...{read}].filter((_, i) => i % 4 === 0)) === '{','.join(map(str, values))}'"


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [9, 16])
def test_a_file_that_is_too_large_is_answered_in_a_sentence(address, megabytes):
    request = urllib.request.Request(
        f"{address}output.png",
        bytes(megabytes << 20),
        {"Content-Type": "application/octet-stream"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    assert refused.value.code == 413
    assert json.load(refused.value) == {"error": "A picture may have 8 MB."}


@pytest.mark.slow
def test_on_a_phone(address, translate, tmp_path):
    """A finger draws, nothing is wider than the page, and source and output are seen together."""
    with Chromium(tmp_path / "profile", 360, 740, touch=True) as browser:
        page = Page(browser, address)
        assert page.run("document.documentElement.scrollWidth") == 360
        page.click("#clear")
        browser.place("#drawing")
        scrolled = page.run("scrollY")
        browser.drag("#drawing", [(0.5, 0.2), (0.5, 0.5), (0.5, 0.8)], touch=True)
        assert page.run("scrollY") == scrolled
        drawn = page.source
        assert drawn[4:12, 8].min() > 200 and drawn[:, :5].max() == 0
        np.testing.assert_array_equal(page.output(), translate(drawn))
        top, bottom = page.run(
            "[document.querySelector('#drawing').getBoundingClientRect().top,"
            "document.querySelector('#compare').getBoundingClientRect().bottom]"
        )
        assert bottom - top < 740
        assert not browser.errors
