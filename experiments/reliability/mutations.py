"""Ways to corrupt files."""

import json
import os
import random
import struct
import zlib

_JUNK = (b"", b"\0" * 64, b"{}", b"[]", b"null", b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe\x00")


def flip(content):
    """Changes some bytes."""
    content = bytearray(content)
    for _ in range(random.choice((1, 1, 3, 20))):
        if content:
            content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content)


def truncate(content):
    """Cuts off the end."""
    return content[: random.randrange(len(content) + 1)]


def edit_header(content):
    """Changes bytes among the first 64, including to extreme values."""
    content = bytearray(content)
    for _ in range(random.randint(1, 4)):
        if content:
            place = random.randrange(min(64, len(content)))
            content[place] = random.choice((0, 1, 127, 128, 255, random.randrange(256)))
    return bytes(content)


def splice(content):
    """Repeats, moves or removes a range of bytes."""
    start, end = sorted(random.randrange(len(content) + 1) for _ in range(2))
    piece, at = content[start:end], random.randrange(len(content) + 1)
    return random.choice((content[:start] + content[end:], content[:at] + piece + content[at:]))


def replace(content):
    """Replaces the content with something else."""
    return random.choice(_JUNK)


def enlarge(content):
    """Writes huge dimensions into an image's header."""
    size = random.choice((20_000, 50_000, 65_535, 65_500, 2**31 - 1))
    content = bytearray(content)
    if content[:4] == b"\x89PNG":
        content[16:24] = struct.pack(">II", size, random.choice((1, 300, size)))
        content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    elif content[:2] == b"BM":
        content[18:26] = struct.pack("<ii", size, random.choice((1, 300, size)))
    elif content[:3] == b"GIF":
        side = struct.pack("<H", min(size, 65_535))
        content[6:10] = side + side
        at = content.find(b"\x2c")
        content[at + 5 : at + 9] = side + side
    elif content[:2] == b"\xff\xd8":
        at = max(content.find(b"\xff\xc0"), content.find(b"\xff\xc2"))
        content[at + 5 : at + 9] = struct.pack(">HH", min(size, 65_535), min(size, 65_535))
    elif content[8:12] == b"WEBP":
        content[20:30] = bytes(random.choice((255, 63, 127)) for _ in range(10))
    else:  # TIFF: any number
        at = random.randrange(4, max(5, len(content) - 4))
        content[at : at + 4] = struct.pack("<I", min(size, 2**31 - 1))
    return bytes(content)


OF_IMAGES = (flip, truncate, edit_header, splice, enlarge, enlarge)
OF_FILES = (flip, flip, truncate, edit_header, splice, replace)


def edit_json(content):
    """Changes one value in a JSON file to another type or size."""
    try:
        value = json.loads(content)
    except ValueError:
        return flip(content)
    odd = (None, -1, 10**30, 1e308, "x", "../../sentinel/a", [], {}, [[]], True, float("nan"))
    places = list(_places(value))
    if not places:
        return json.dumps(random.choice(odd)).encode()
    holder, key = random.choice(places)
    holder[key] = random.choice(odd)
    return json.dumps(value).encode()


def _places(value):
    """Yields (container, key) of everything in a JSON value."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield value, key
        yield from _places(value[key])


def edit_flags(content, outside):
    """Adds or changes a line of flags.txt."""
    lines = content.decode().splitlines()
    line = random.choice(
        (
            f"--flagfile={outside}/a",
            f"--cache_dir={outside}",
            f"--image_dir={outside}",
            f"--data_dir={outside}",
            "--run_dir=/",
            "--arch=__import__('os').system('touch pwned')",
            "--arch=mlp(width=-1)",
            "--arch=" + "(" * 5000,
            "--arch=mlp(" + "[" * 5000 + ")",
            "--trick=ema('x')",
            "--prior=normal(1)",
            "--latent_dim=4097",
            "--dataset=os",
            "--features=keras_model('/dev/zero')",
            "--conditional=projection",
            "nonsense",
        )
    )
    lines.insert(random.randrange(len(lines) + 1), line)
    return "\n".join(lines).encode()


def link(path, outside):
    """Replaces a file or folder, or a place that will be written, with a link to outside."""
    goal = random.choice((f"{outside}/a", outside, "/dev/zero", "/dev/null", "."))
    if random.random() < 0.3:
        path = path.with_name(f".{path.name}.writing")
    if path.is_dir() and not path.is_symlink():
        path.rename(path.with_name(f"{path.name}-away"))
    path.unlink(missing_ok=True)
    os.symlink(goal, path)
