"""What a file is that cannot be read as an image, by its first bytes."""

NOT_AN_IMAGE = "not an image"
EMPTY = "empty"
ADVICE = "which is not read: convert it to PNG or JPEG"
_HEIC = "HEIC, which needs a package: pip install pillow-heif"
_KINDS = (  # (the first bytes, where, the reason) of files that Pillow does not open
    (b"%!PS", 0, f"PostScript, {ADVICE}"),
    (b"%PDF", 0, f"PDF, {ADVICE}"),
    (b"8BPS", 0, f"a Photoshop file, {ADVICE}"),
    (b"<svg", 0, f"SVG, {ADVICE}"),
    (b"\0\0\0\x0cjP  ", 0, f"JPEG 2000, {ADVICE}"),
    (b"\xff\x4f\xff\x51", 0, f"JPEG 2000, {ADVICE}"),
    (b"\xff\x0a", 0, f"JPEG XL, {ADVICE}"),
    (b"\0\0\0\x0cJXL ", 0, f"JPEG XL, {ADVICE}"),
    (b"\x76\x2f\x31\x01", 0, f"OpenEXR, {ADVICE}"),
    (b"DDS ", 0, f"a texture, {ADVICE}"),
    (b"\x93NUMPY", 0, "a NumPy array: write PNG files, or for --images an .npz file"),
    *((b"P%d%c" % (kind, gap), 0, f"PNM, {ADVICE}") for kind in range(1, 8) for gap in b" \t\r\n"),
    (b"\0\0\1\0", 0, f"an icon, {ADVICE}"),
    (b"ftypavi", 4, f"AVIF, {ADVICE}"),
    (b"ftypcrx", 4, f"a raw photo, {ADVICE}"),
    *((b"ftyp" + brand, 4, _HEIC) for brand in (b"hei", b"hev", b"mif1", b"msf1")),
    (b"II*\0", 0, f"a kind of TIFF or raw photo that {ADVICE.removeprefix('which ')}"),
    (b"MM\0*", 0, f"a kind of TIFF or raw photo that {ADVICE.removeprefix('which ')}"),
    (b"\xff\xd8\xff", 0, "a damaged JPEG"),
    (b"\x89PNG", 0, "a damaged PNG"),
    (b"GIF8", 0, "a damaged GIF"),
    (b"WEBP", 8, "a damaged WebP"),
)


def named(head, heif):
    """Returns the reason why a file that Pillow does not open is left out.

    Args:
        head: its first bytes, 64 or all.
        heif: whether Pillow opens HEIC, so that one that it does not open is damaged.
    """
    if not head:
        return EMPTY
    known = (why for start, at, why in _KINDS if head[at : at + len(start)] == start)
    found = next(known, NOT_AN_IMAGE)
    return "a damaged HEIC" if found == _HEIC and heif else found
