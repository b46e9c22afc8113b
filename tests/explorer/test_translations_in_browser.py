"""Two pages in a browser: texts in all styles, and translations in both directions."""

import socket
import threading

import numpy as np
import pytest

from gan_tf.explorer import server
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.image_translator import ImageTranslator
from tests.explorer.chromium import Chromium
from tests.explorer.test_drawing import Page

_LOADED = "[...document.querySelectorAll('.line')].every((each) => each.ariaBusy === 'false')"
_PROBLEM = "document.querySelector('#problem').textContent"
_SHOWN = "document.querySelectorAll('#styles img')[INDEX].naturalWidth"
_PART = ("source", "target")
_EQUAL = """
(() => {
    const drawn = document.querySelector('#drawing').getContext('2d').getImageData(0, 0, 1, 1).data;
    return PIXEL.every((value, i) => drawn[i] === value);
})()
"""


def serve(run):
    """The address of the page of a run, served by a thread."""
    listener = socket.create_server(("127.0.0.1", 0))
    arguments = (RunDir(run), "last", "127.0.0.1", listener)
    threading.Thread(target=server.serve, args=arguments, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def width(browser, index):
    browser.wait(_LOADED)
    return browser.run(_SHOWN.replace("INDEX", str(index)))


@pytest.mark.slow
@pytest.mark.parametrize("phone", [False, True])
def test_a_text_is_written_in_all_styles_and_between_two(fonts_run, phone, tmp_path):
    size = {"width": 390, "height": 844, "touch": True} if phone else {}
    with Chromium(tmp_path / "profile", **size) as browser:
        browser.open(serve(fonts_run))
        browser.wait(f"document.querySelectorAll('.line').length === 4 && {_LOADED}")
        names = browser.run(
            "[...document.querySelectorAll('#styles figcaption b')].map((e) => e.textContent)"
        )
        assert names == ["Source font", "DejaVuSerif", "DejaVuSans-Bold"]
        before = width(browser, 1)
        browser.drag("#text", [(0.5, 0.5)], touch=phone)
        browser.run("document.querySelector('#text').select()")
        browser.call("Input.insertText", text="AB")
        browser.wait("document.querySelector('#styles img').alt === 'AB in the source font'")
        assert 0 < width(browser, 1) < before

        browser.run("document.querySelector('#share').focus()")
        for _ in range(2):
            browser.press("ArrowRight", code=39)
        browser.wait("document.querySelector('#blend img').src.endsWith('&share=0.6')")
        assert browser.run("document.querySelector('#share-value').textContent") == "60%"
        said = "document.querySelector('#blend b').textContent"
        browser.wait(f"{said} === '40% DejaVuSerif, 60% DejaVuSans-Bold'")
        browser.drag("#swap", [(0.5, 0.5)], touch=phone)
        browser.wait(f"{said} === '40% DejaVuSans-Bold, 60% DejaVuSerif'")

        browser.run("document.querySelector('#text').select()")
        browser.call("Input.insertText", text="A\u6c38")
        browser.wait(f"{_PROBLEM}.includes('cannot draw the text')")
        browser.run("document.querySelector('#text').select()")
        browser.call("Input.insertText", text="C" * 50)
        browser.wait(f"{_PROBLEM} === '' && {_LOADED}")
        assert browser.run("document.querySelector('#text').value") == "C" * 40
        assert browser.run("document.documentElement.scrollWidth <= innerWidth")
        assert not browser.errors


@pytest.mark.slow
def test_both_directions_and_the_cycle(cyclegan_run, tmp_path):
    trained = [TrainedRun(cyclegan_run, direction=each) for each in ("a_to_b", "b_to_a")]
    there, back = (
        ImageTranslator(network, each.modality, multiple, scale)
        for each in trained
        for network, multiple, scale in [each.translator()]
    )
    with Chromium(tmp_path / "profile") as browser:
        page = Page(browser, serve(cyclegan_run))
        for way, first, second in ((0, there, back), (1, back, there)):
            if way:
                browser.run(
                    "const way = document.querySelector('#way'); way.value = '1';"
                    "way.dispatchEvent(new Event('change'))"
                )
            browser.wait(f"document.querySelector('#examples img').src.includes('{_PART[way]}-0')")
            source = trained[way].held_out().sources[0]
            browser.wait(_EQUAL.replace("PIXEL", str(source[0, 0].tolist())))
            made = first(source)
            np.testing.assert_array_equal(page.output(), made[..., 0])
            browser.wait("!document.querySelector('#restored').hidden")
            restored = second(made)[..., 0]
            for _ in range(100):
                shown = page.pixels("document.querySelector('#restored img')")
                if np.array_equal(shown, restored):
                    break
            np.testing.assert_array_equal(shown, restored)
        assert not browser.errors
