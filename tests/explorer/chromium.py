"""Headless Chromium, driven through its DevTools protocol, whose messages pass through two pipes."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time

import pytest

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Chromium reads messages from descriptor 3 and writes answers to 4, each ending in a zero byte.
_LAUNCH = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Chromium:
    """A browser with one page; tests are skipped where none is installed.

    Args:
        profile: an empty folder.
        width, height: of the page, in CSS pixels.
        touch: whether it is a phone's, with fingers.

    Attributes:
        errors: what its scripts did not catch.
    """

    def __init__(self, profile, width=1280, height=900, touch=False):
        self._ids, self._answers, self._buffer, self.errors = 0, {}, b"", []
        theirs_in, self._out = map(_high, os.pipe())
        self._in, theirs_out = map(_high, os.pipe())
        launch = [sys.executable, "-c", _LAUNCH, str(theirs_in), str(theirs_out)]
        self._process = subprocess.Popen(
            [
                *launch,
                executable(),
                *_FLAGS,
                f"--user-data-dir={profile}",
                "--remote-debugging-pipe",
            ],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "DOM"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if touch else 1,
            mobile=touch,
        )
        if touch:
            self.call("Emulation.setTouchEmulationEnabled", enabled=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def call(self, method, **parameters):
        """Calls a method of the protocol; returns its result."""
        self._ids += 1
        message = {"id": self._ids, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + 60
        while self._ids not in self._answers:
            assert select.select([self._in], [], [], max(0, end - time.monotonic()))[0], method
            self._read()
        answer = self._answers.pop(self._ids)
        assert "error" not in answer, (method, answer)
        return answer["result"]

    def _read(self):
        read = os.read(self._in, 1 << 20)
        assert read, "Chromium has ended"
        *messages, self._buffer = (self._buffer + read).split(b"\0")
        for each in map(json.loads, messages):
            if "id" in each:
                self._answers[each["id"]] = each
            elif each["method"] == "Runtime.exceptionThrown":
                self.errors.append(each["params"]["exceptionDetails"])

    def run(self, script):
        """Returns the value of a JavaScript expression, of a promise that which it resolves to."""
        found = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait(self, condition, seconds=60):
        """Waits until a JavaScript expression is true."""
        end = time.monotonic() + seconds
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < end, condition
            time.sleep(0.05)

    def open(self, address):
        """Opens a page."""
        self.call("Page.navigate", url=address)
        self.wait(f"location.href === {json.dumps(address)} && document.readyState === 'complete'")

    def place(self, selector, right=0.5, down=0.5):
        """Returns a point of an element, scrolled into view, as fractions of its width and height."""
        box = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const b = e.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })()"
        )
        return {"x": box[0] + right * box[2], "y": box[1] + down * box[3]}

    def drag(self, selector, points, touch=False):
        """Draws a line through points of an element, with the mouse or a finger; one point: a click."""
        kinds = ["touchStart", "touchMove", "touchEnd"]
        kinds = kinds if touch else ["mousePressed", "mouseMoved", "mouseReleased"]
        places = [self.place(selector, *each) for each in points]
        self._point(kinds[0], places[0])
        for each in places[1:]:
            self._point(kinds[1], each)
        self._point(kinds[2], places[-1])

    def _point(self, kind, place):
        if kind.startswith("touch"):
            points = [] if kind == "touchEnd" else [place]
            self.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
        else:
            held = {"button": "left", "buttons": 1, "clickCount": 1}
            self.call("Input.dispatchMouseEvent", type=kind, **place, **held)

    def press(self, key, control=False, code=0):
        """Presses a key and releases it."""
        text = {"text": text} if (text := {"Enter": "\r", " ": " "}.get(key)) else {}
        keys = {"key": key, "modifiers": 2 * control, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", **keys, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **keys)

    def give(self, selector, path):
        """Chooses a file in a file input."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    def screenshot(self, path, whole=True):
        """Writes a PNG file of the page."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))


def executable():
    """Returns the path of Chromium or Chrome; skips the test where there is none."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("neither chromium nor google-chrome is installed")
    return found


def _high(descriptor):
    """The same descriptor under a number that is not one of Chromium's."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved
