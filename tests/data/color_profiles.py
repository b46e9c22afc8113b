"""ICC profiles made by hand, and what their colors are in sRGB, by the published matrices."""

import struct

import numpy as np

D50 = (0.9642, 1.0, 0.8249)
# XYZ (D50) of the primaries of Display P3, in columns: SMPTE EG 432-1, adapted with Bradford.
P3_TO_XYZ = np.array(
    [[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]]
)
# IEC 61966-2-1, adapted likewise (Lindbloom).
XYZ_TO_SRGB = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def linear(encoded):
    encoded = np.asarray(encoded) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def xyz_to_srgb(xyz):
    """8-bit sRGB, clipped to its gamut."""
    values = np.clip(XYZ_TO_SRGB @ xyz, 0, 1)
    return 255 * np.where(values <= 0.0031308, 12.92 * values, 1.055 * values ** (1 / 2.4) - 0.055)


def p3_to_srgb(color):
    return xyz_to_srgb(P3_TO_XYZ @ linear(color))


def lab_to_srgb(lightness, a, b):
    y = (lightness + 16) / 116
    ratios = np.array([y + a / 500, y, y - b / 200])
    ratios = np.where(ratios > 6 / 29, ratios**3, 3 * (6 / 29) ** 2 * (ratios - 4 / 29))
    return xyz_to_srgb(ratios * D50)


def display_p3():
    columns = {
        name: _numbers(b"XYZ ", each) for name, each in zip(("rXYZ", "gXYZ", "bXYZ"), P3_TO_XYZ.T)
    }
    curve = b"para" + bytes(4) + struct.pack(">HH", 3, 0) + _fixed(_SRGB_CURVE)
    return _profile(b"RGB ", b"XYZ ", columns | dict.fromkeys(("rTRC", "gTRC", "bTRC"), curve))


def gray(gamma):
    curve = b"para" + bytes(4) + struct.pack(">HH", 0, 0) + _fixed([gamma])
    return _profile(b"GRAY", b"XYZ ", {"kTRC": curve})


def cmyk(labs):
    """A printer whose inks are mixed linearly: `labs` are L, a, b of the 16 corners, K fastest."""
    identity = bytes(range(256))
    corners = [round(each) for L, a, b in labs for each in (L * 255 / 100, a + 128, b + 128)]
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + _fixed(np.eye(3).ravel())
    table += identity * 4 + bytes(corners) + identity * 3
    return _profile(b"CMYK", b"Lab ", dict.fromkeys(("A2B0", "A2B1"), table), b"prtr", 0x02400000)


def _fixed(values):
    return b"".join(struct.pack(">i", round(each * 65536)) for each in values)


def _numbers(kind, values):
    return kind + bytes(4) + _fixed(values)


def _profile(space, connection, tags, device=b"mntr", version=0x04000000):
    text = "test".encode("utf-16-be")
    words = b"mluc" + bytes(4) + struct.pack(">IIHHII", 1, 12, 0x656E, 0x5553, len(text), 28) + text
    if version < 0x04000000:
        words = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78)
    tags = {"desc": words, "cprt": words, "wtpt": _numbers(b"XYZ ", D50)} | tags
    directory, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        at = 132 + 12 * len(tags) + len(body)
        directory += name.encode() + struct.pack(">II", at, len(content))
        body += content + bytes(-len(content) % 4)
    size = 128 + len(directory) + len(body)
    head = struct.pack(">I4sI4s4s4s12x4s", size, b"", version, device, space, connection, b"acsp")
    head = head.ljust(68, b"\0") + _fixed(D50)
    return head.ljust(128, b"\0") + directory + body
