"""Decoding of one image file: formats, modes, colors, orientations, crops and broken files."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from gan_tf.data import image_file, paired_folder
from gan_tf.data.image_file import load_image
from gan_tf.data.image_folder import ImageFolder
from tests.data import color_profiles

# Pictures are made of quadrants: top left, top right, bottom left, bottom right.
GRAYS = [0, 51, 128, 255]
COLORS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 100, 50)]
VEILED = [(255, 0, 0, 255), (0, 0, 255, 0), (0, 0, 0, 128), (100, 50, 200, 51)]
OVER_WHITE = [(255, 0, 0), (255, 255, 255), (127, 127, 127), (224, 214, 244)]

MODES = {  # mode: (pixel values, the RGB or gray that they stand for)
    "1": ([0, 1, 1, 0], [0, 255, 255, 0]),
    "L": (GRAYS, GRAYS),
    "LA": ([(0, 255), (0, 0), (0, 128), (100, 51)], [0, 255, 127, 224]),
    "RGB": (COLORS, COLORS),
    "RGBA": (VEILED, OVER_WHITE),
    "CMYK": (
        [(0, 0, 0, 0), (0, 255, 255, 0), (255, 0, 0, 0), (0, 0, 0, 128)],
        [(255, 255, 255), (255, 0, 0), (0, 255, 255), (127, 127, 127)],
    ),
    "I;16": ([0, 13107, 32768, 65535], GRAYS),
    "I": ([0, 13107, 32768, 65535], GRAYS),
    "F": ([0.0, 0.2, 0.5, 1.0], GRAYS),
}
FORMATS = [
    *[("jpg", mode) for mode in ("L", "RGB", "CMYK")],
    *[("png", mode) for mode in ("1", "L", "LA", "RGB", "RGBA", "I;16")],
    *[("webp", mode) for mode in ("L", "RGB", "RGBA")],
    *[("bmp", mode) for mode in ("1", "L", "RGB")],
    *[("gif", mode) for mode in ("1", "L", "RGB")],
    *[("tif", mode) for mode in MODES],
]


def only(source):
    """The arrays of a source that has one batch."""
    [batch] = source.batches()
    return batch


def quadrants(values, side=16, dtype=None):
    """An array of (side, side, ...) whose quadrants have the four values."""
    return np.array(values, dtype).reshape(2, 2, -1).repeat(side // 2, 0).repeat(side // 2, 1)


def picture(mode, values):
    array = quadrants(values)
    if mode == "1":
        return Image.fromarray(np.uint8(array[..., 0] * 255)).convert("1")
    array = array.astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}.get(mode, np.uint8))
    array = array[..., 0] if array.shape[-1] == 1 else array
    return Image.fromarray(array) if mode == "I;16" else Image.fromarray(array, mode)


def save(image, path, **options):
    """Saves with as little loss as the format allows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lossless = {".jpg": dict(quality=100, subsampling=0), ".webp": dict(lossless=True, exact=True)}
    image.save(path, **lossless.get(path.suffix, {}), **options)
    return path


def expected(colors):
    array = quadrants(colors)
    return np.broadcast_to(array, (*array.shape[:2], 3))


def assert_shows(path, colors, tolerance=0):
    shown = np.asarray(load_image(path, 16)).astype(int)
    np.testing.assert_allclose(shown, expected(colors), rtol=0, atol=tolerance)


def patch(path, old, new):
    """Replaces bytes of a file, such as an entry of a TIFF's directory, which occur once."""
    content = path.read_bytes()
    assert content.count(old) == 1
    path.write_bytes(content.replace(old, new))


def rgb(size=(20, 20), color="red"):
    return Image.new("RGB", size, color)


class TestFormats:
    @pytest.mark.parametrize(("extension", "mode"), FORMATS)
    def test_pixels(self, tmp_path, extension, mode):
        values, colors = MODES[mode]
        path = save(picture(mode, values), tmp_path / f"picture.{extension}")
        assert_shows(path, colors, tolerance=3 if extension == "jpg" else 0)

    @pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits"])
    def test_compressed_tiff(self, tmp_path, compression):
        path = save(picture("RGB", COLORS), tmp_path / "picture.tif", compression=compression)
        assert_shows(path, COLORS)

    @pytest.mark.parametrize(
        ("extension", "transparency", "colors"),
        [
            *[(extension, None, COLORS) for extension in ("png", "bmp", "gif", "tif")],
            *[(extension, 1, [COLORS[0], (255,) * 3, *COLORS[2:]]) for extension in ("png", "gif")],
            (
                "png",
                bytes([255, 0, 128, 51]),
                [COLORS[0], (255,) * 3, (127, 127, 255), (244, 224, 214)],
            ),
        ],
    )
    def test_palette(self, tmp_path, extension, transparency, colors):
        image = Image.fromarray(quadrants(range(4), dtype=np.uint8)[..., 0]).convert("P")
        image.putpalette(np.ravel(COLORS).tolist())
        options = {} if transparency is None else {"transparency": transparency}
        assert_shows(save(image, tmp_path / f"picture.{extension}", **options), colors)

    @pytest.mark.parametrize(
        ("mode", "values", "transparent", "colors"),
        [
            ("L", GRAYS, 0, [255, 51, 128, 255]),
            ("1", [0, 1, 1, 0], 0, [255] * 4),
            ("RGB", COLORS, (0, 255, 0), [COLORS[0], (255,) * 3, *COLORS[2:]]),
        ],
    )
    def test_transparent_color_of_png(self, tmp_path, mode, values, transparent, colors):
        path = save(picture(mode, values), tmp_path / "picture.png", transparency=transparent)
        assert_shows(path, colors)

    def test_16_bit_rgb(self, tmp_path):
        rows = quadrants(COLORS, dtype=">u2") * 257
        data = b"".join(b"\0" + row.astype(">u2").tobytes() for row in rows)
        header = struct.pack(">IIBBBBB", 16, 16, 16, 2, 0, 0, 0)
        path = tmp_path / "picture.png"
        path.write_bytes(png(header, zlib.compress(data)))
        assert_shows(path, COLORS)

    def test_dark_16_bit_image_stays_dark(self, tmp_path):
        path = save(picture("I;16", [0, 100, 128, 255]), tmp_path / "picture.png")
        assert_shows(path, [0, 0, 0, 1])

    @pytest.mark.parametrize(
        ("mode", "values", "white"),
        [
            ("F", [0, 13107, 32768, 65535], 65535),
            ("F", GRAYS, 255),
            ("F", [0, 0.2, 0.5, 1], 1),
            ("F", [0, 0.2, 0.5, 1.01], 1),
            ("F", [0, 0.2, 0.5, 2], 1),
            ("F", [0, 51, 128, 256.5], 255),
            ("I", [0, 13107, 32768, 65535], 65535),
            ("I", GRAYS, 255),
        ],
    )
    def test_white_is_what_the_values_need(self, tmp_path, mode, values, white):
        path = save(picture(mode, values), tmp_path / "picture.tif")
        assert (image_file.deep_mode(path), image_file.needed_white(path)) == (mode, white)
        assert_shows(path, GRAYS)

    def test_white_can_be_that_of_other_images(self, tmp_path):
        path = save(picture("F", GRAYS), tmp_path / "picture.tif")
        shown = np.asarray(load_image(path, 16, white=65535))
        assert shown.max() == 1

    @pytest.mark.parametrize(("mode", "white"), [("I;16", 65535), ("F", 1)])
    def test_tiff_in_which_white_is_0(self, tmp_path, mode, white):
        path = save(picture(mode, [0, white, 0, white]), tmp_path / "picture.tif")
        patch(path, struct.pack("<HHII", 262, 3, 1, 1), struct.pack("<HHII", 262, 3, 1, 0))
        assert_shows(path, [255, 0, 255, 0])

    def test_tiff_of_12_bits(self, tmp_path):
        path = save(picture("I;16", [65535] * 4), tmp_path / "picture.tif")
        patch(path, struct.pack("<HHII", 258, 3, 1, 16), struct.pack("<HHII", 258, 3, 1, 12))
        assert_shows(path, [255] * 4)

    @pytest.mark.parametrize(
        ("mode", "tags", "bits", "reason"),
        [
            ("RGB", {284: 2}, 16, "a TIFF of 16-bit planes, which is not read: convert it"),
            ("L", {339: 2}, 8, "a TIFF of signed 8-bit values, which is not read: convert it"),
        ],
    )
    def test_tiff_that_would_be_misread(self, tmp_path, mode, tags, bits, reason):
        path = save(Image.new(mode, (8, 8), 100), tmp_path / "picture.tif", tiffinfo=tags)
        if bits == 16:
            patch(path, struct.pack("<HHH", 8, 8, 8), struct.pack("<HHH", 16, 16, 16))
        with pytest.raises(ValueError, match=reason):
            load_image(path, 8)

    def test_transparent_level_of_16_bits(self, tmp_path):
        image = picture("I;16", [0, 13107, 13108, 65535])
        path = save(image, tmp_path / "picture.png", transparency=13107)
        assert_shows(path, [0, 255, 51, 255])

    def test_values_above_65535_are_refused(self, tmp_path):
        path = save(picture("F", [0, 0, 0, 70000]), tmp_path / "picture.tif")
        with pytest.raises(ValueError, match="go up to 70000, and may go up to 65535"):
            load_image(path, 16)

    @pytest.mark.parametrize("extension", ["gif", "png", "webp"])
    def test_animation_shows_its_first_frame(self, tmp_path, extension):
        second = rgb((16, 16), "black")
        path = tmp_path / f"picture.{extension}"
        save(picture("RGB", COLORS), path, save_all=True, append_images=[second])
        assert Image.open(path).n_frames == 2
        assert_shows(path, COLORS)

    @pytest.mark.parametrize("extension", ["jpg", "png", "tif"])
    def test_grayscale(self, tmp_path, extension):
        save(picture("RGB", COLORS), tmp_path / f"picture.{extension}")
        source = ImageFolder(str(tmp_path), image_size=16, color_mode="grayscale")
        images = only(source)["image"]
        assert images.shape == (1, 16, 16, 1)
        np.testing.assert_allclose(images[0].astype(int), quadrants([76, 150, 29, 124]), atol=2)


class TestColorProfiles:
    @pytest.mark.parametrize("extension", ["jpg", "png", "tif", "webp"])
    @pytest.mark.parametrize(
        ("color", "expected"),
        [((96, 196, 72), (38, 199, 44)), ((30, 200, 40), (0, 204, 0)), ((255,) * 3, (255,) * 3)],
    )
    def test_display_p3_becomes_srgb(self, tmp_path, extension, color, expected):
        np.testing.assert_allclose(color_profiles.p3_to_srgb(color), expected, atol=0.6)
        path = tmp_path / f"picture.{extension}"
        save(rgb(color=color), path, icc_profile=color_profiles.display_p3())
        shown = np.asarray(load_image(path, 4)).astype(int)
        np.testing.assert_allclose(shown, np.broadcast_to(expected, shown.shape), atol=1)

    def test_transparency_and_palettes_keep_their_meaning(self, tmp_path):
        profile = color_profiles.display_p3()
        veiled = Image.new("RGBA", (8, 8), (96, 196, 72, 0))
        path = save(veiled, tmp_path / "a.png", icc_profile=profile)
        assert load_image(path, 4).getpixel((0, 0)) == (255, 255, 255)
        indexed = rgb(color=(96, 196, 72)).quantize(2)
        path = save(indexed, tmp_path / "b.png", icc_profile=profile)
        assert load_image(path, 4).getpixel((0, 0)) == (38, 199, 44)

    def test_gray_with_a_gamma(self, tmp_path):
        """Linear light of 55/255 is sRGB 128: 255 ((128/255 + .055)/1.055)^2.4 = 55.04."""
        profile = color_profiles.gray(1.0)
        path = save(Image.new("L", (8, 8), 55), tmp_path / "a.png", icc_profile=profile)
        for mode, value in (("L", 128), ("RGB", (128, 128, 128))):
            assert load_image(path, 4, mode=mode).getpixel((0, 0)) == value

    @pytest.mark.parametrize(
        ("mode", "pixel", "chunks", "expected"),
        [
            ("RGB", (55, 55, 55), {b"gAMA": 100000}, 128),
            ("L", 55, {b"gAMA": 100000}, 128),
            ("I;16", 55 * 257, {b"gAMA": 100000}, 128),
            ("RGB", (55, 55, 55), {b"gAMA": 45455}, 55),
            ("RGB", (55, 55, 55), {b"sRGB": None, b"gAMA": 100000}, 55),
            ("RGB", (55, 55, 55), {b"gAMA": 0}, 55),
            ("RGBA", (55, 55, 55, 0), {b"gAMA": 100000}, 255),
        ],
    )
    def test_gamma_of_a_png(self, tmp_path, mode, pixel, chunks, expected):
        """Linear light of 55/255 is sRGB 128; 1/2.2 means sRGB, and a chunk that says so counts more."""
        more = PngImagePlugin.PngInfo()
        for name, gamma in chunks.items():
            more.add(name, bytes(1) if gamma is None else struct.pack(">I", gamma))
        path = save(Image.new(mode, (8, 8), pixel), tmp_path / "a.png", pnginfo=more)
        assert load_image(path, 4).getpixel((0, 0)) == (expected,) * 3

    @pytest.mark.parametrize("extension", ["jpg", "tif"])
    def test_inks_of_a_printer(self, tmp_path, extension):
        white, cyan = (100, 0, 0), (55, -37, -50)
        labs = [white if c == 0 else cyan for c in (0, 1)]
        corners = [(20, 0, 0) if k else labs[c] for c in (0, 1) for _ in range(4) for k in (0, 1)]
        profile = color_profiles.cmyk(corners)
        path = tmp_path / f"a.{extension}"
        for inks, lab in (((255, 0, 0, 0), cyan), ((0, 0, 0, 0), white)):
            save(Image.new("CMYK", (16, 16), inks), path, icc_profile=profile)
            shown = load_image(path, 4).getpixel((0, 0))
            np.testing.assert_allclose(shown, color_profiles.lab_to_srgb(*lab), atol=3)

    @pytest.mark.parametrize("profile", [b"damaged", color_profiles.gray(1.0)])
    def test_a_profile_that_is_damaged_or_of_other_images_is_ignored(self, tmp_path, profile):
        path = save(rgb(color=(96, 196, 72)), tmp_path / "a.png", icc_profile=profile)
        assert load_image(path, 4).getpixel((0, 0)) == (96, 196, 72)


class TestHeic:
    @pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1"])
    def test_the_reason_names_the_package_that_is_missing(self, tmp_path, brand):
        (tmp_path / "photo").write_bytes(b"\0\0\0\x18ftyp" + brand + bytes(100))
        reason = "damaged HEIC" if "HEIF" in image_file.FORMATS else "HEIC.*install pillow-heif"
        with pytest.raises(ValueError, match=reason):
            load_image(tmp_path / "photo", 8)

    def test_with_the_package_it_is_read_in_srgb(self, tmp_path):
        pytest.importorskip("pillow_heif")
        path = tmp_path / "photo"
        content = io.BytesIO()
        profile = color_profiles.display_p3()
        rgb((64, 48), (96, 196, 72)).save(content, "HEIF", quality=100, icc_profile=profile)
        path.write_bytes(content.getvalue())
        np.testing.assert_allclose(load_image(path, 4).getpixel((0, 0)), (38, 199, 44), atol=2)


class TestOrientation:
    WHERE = {  # orientation: places of the stored first corner and of the one to its right
        1: ((0, 0), (0, 1)),
        2: ((0, 1), (0, 0)),
        3: ((1, 1), (1, 0)),
        4: ((1, 0), (1, 1)),
        5: ((0, 0), (1, 0)),
        6: ((0, 1), (1, 1)),
        7: ((1, 1), (0, 1)),
        8: ((1, 0), (0, 0)),
    }

    @pytest.mark.parametrize("extension", ["jpg", "png", "webp", "tif"])
    @pytest.mark.parametrize("orientation", WHERE)
    def test_picture_is_turned_upright(self, tmp_path, orientation, extension):
        exif = Image.Exif()
        exif[0x0112] = orientation
        image = picture("L", [255, 128, 0, 0])
        path = save(image, tmp_path / f"picture.{extension}", exif=exif)
        upright = np.zeros((2, 2), int)
        first, right = self.WHERE[orientation]
        upright[first], upright[right] = 255, 128
        assert_shows(path, upright, tolerance=3)

    @pytest.mark.parametrize(("orientation", "color"), [(1, (0, 128, 0)), (6, (0, 0, 255))])
    def test_crop_follows_the_orientation(self, tmp_path, orientation, color):
        """Red, green and blue from left to right; turned by a quarter, blue is at the bottom."""
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = save(bands(), tmp_path / "picture.png", exif=exif)
        shown = np.asarray(load_image(path, 48, "pad"))
        assert tuple(shown[-1, 24] if orientation == 6 else shown[24, 24]) == color


def bands(vertical=True):
    """Red, green and blue squares of 16 pixels, beside or below each other."""
    colors = np.array([(255, 0, 0), (0, 128, 0), (0, 0, 255)], np.uint8)
    array = colors.repeat(16, 0)[None].repeat(16, 0)
    return Image.fromarray(array if vertical else array.swapaxes(0, 1).copy())


class TestCrop:
    RED, GREEN, BLUE, BLACK = (255, 0, 0), (0, 128, 0), (0, 0, 255), (0, 0, 0)

    @pytest.mark.parametrize(
        ("crop", "wide", "color"),
        [
            ("center", True, GREEN),
            ("center", False, GREEN),
            ("top", True, GREEN),
            ("top", False, RED),
        ],
    )
    def test_largest_square_is_cut(self, tmp_path, crop, wide, color):
        path = save(bands(vertical=wide), tmp_path / "picture.png")
        shown = np.asarray(load_image(path, 16, crop))
        assert (shown == color).all()

    @pytest.mark.parametrize("wide", [True, False])
    @pytest.mark.parametrize(
        ("crop", "rows"),
        [
            ("pad", [(BLACK,) * 3, (RED, GREEN, BLUE), (BLACK,) * 3]),
            ("stretch", [(RED, GREEN, BLUE)] * 3),
        ],
    )
    def test_whole_picture_is_kept(self, tmp_path, crop, rows, wide):
        path = save(bands(vertical=wide), tmp_path / "picture.png")
        shown = np.asarray(load_image(path, 48, crop))
        cells = np.array(rows, np.uint8)
        cells = cells if wide else cells.swapaxes(0, 1)
        np.testing.assert_array_equal(shown, cells.repeat(16, 0).repeat(16, 1))

    @pytest.mark.parametrize("size", [(1, 1), (1, 10), (10, 1), (700, 500)])
    @pytest.mark.parametrize("crop", ["center", "top", "pad", "stretch"])
    def test_any_shape_becomes_the_square_asked_for(self, tmp_path, size, crop):
        save(rgb(size), tmp_path / "picture.jpg")
        images = only(ImageFolder(str(tmp_path), image_size=8, crop=crop))["image"]
        assert images.shape == (1, 8, 8, 3)
        assert images.dtype == np.uint8
        assert images[0, ..., 0].max() > 240

    def test_reduction_is_antialiased(self, tmp_path):
        checks = np.uint8(np.indices((128, 128)).sum(0) % 2 * 255)
        path = save(Image.fromarray(checks), tmp_path / "picture.png")
        np.testing.assert_allclose(np.asarray(load_image(path, 8)), 127.5, atol=8)


def png(header, data):
    """A PNG file of this IHDR and IDAT."""
    chunks = [(b"IHDR", header), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def bomb(width, height):
    return png(struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), zlib.compress(b""))


def encoded(extension):
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, extension)
    return buffer.getvalue()


class TestBrokenFiles:
    CONTENTS = {  # what is wrong: (content, part of the reason)
        "empty": (b"", "empty"),
        "text": (b"some text\n", "not an image, in spite of its name"),
        "signature alone": (b"\x89PNG\r\n\x1a\n", "a damaged PNG"),
        "no pixels": (encoded("png").replace(b"IDAT", b"IDAX"), ""),
        "broken avif": (encoded("avif").replace(b"pitm", b"xxxx"), ""),
        "half a png": (encoded("png")[:-2000], "truncated"),
        "half a jpeg": (encoded("jpeg")[:-500], "truncated"),
        "half a gif": (encoded("gif")[:-500], "truncated"),
        "half a bmp": (encoded("bmp")[:-500], "truncated"),
        "half a tiff": (encoded("tiff")[:-500], ""),
        "half a webp": (encoded("webp")[:-500], ""),
        "huge": (bomb(60_000, 60_000), "decompression bomb"),
        "large": (bomb(13_400, 13_400), "decompression bomb"),
    }

    @pytest.mark.parametrize("wrong", CONTENTS)
    @pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
    def test_file_is_skipped_with_a_reason(self, tmp_path, wrong):
        content, reason = self.CONTENTS[wrong]
        (tmp_path / "b.png").write_bytes(content)
        save(rgb(), tmp_path / "a.png")
        save(rgb(), tmp_path / "c.png")
        source = ImageFolder(str(tmp_path), image_size=8)
        images = only(source)["image"]
        assert len(images) == 2
        [(file, why)] = source.skipped
        assert file == "b.png"
        assert why
        assert reason in why
        assert "\n" not in why

    @pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
    def test_values_without_a_meaning_are_refused(self, tmp_path, value):
        path = save(picture("F", [0, 0, 0, value]), tmp_path / "picture.tif")
        with pytest.raises(ValueError, match="negative or not finite"):
            load_image(path, 16)

    def test_postscript_is_never_run(self, tmp_path):
        """Pillow hands it to a program, whatever the file's name says."""
        rgb().save(tmp_path / "x.eps")
        (tmp_path / "x.eps").rename(tmp_path / "x.png")
        with pytest.raises(ValueError, match="PostScript, which is not read"):
            load_image(tmp_path / "x.png", 8)

    @pytest.mark.parametrize("side", [9_000, 60_000])
    def test_huge_dimensions_are_refused_before_they_are_decoded(self, tmp_path, side):
        content = io.BytesIO()
        rgb().save(content, "BMP")
        content = bytearray(content.getvalue())
        content[18:26] = struct.pack("<ii", side, side)
        (tmp_path / "x.bmp").write_bytes(content)
        with pytest.raises(ValueError, match=r"too many|exceeds limit"):
            load_image(tmp_path / "x.bmp", 8)

    def test_a_large_jpeg_counts_as_it_is_decoded(self, tmp_path, monkeypatch):
        monkeypatch.setattr("gan_tf.data.image_file._MOST_PIXELS", 40_000)
        for extension in ("jpg", "png"):
            save(rgb((400, 400)), tmp_path / f"x.{extension}")
        assert load_image(tmp_path / "x.jpg", 16).size == (16, 16)
        with pytest.raises(ValueError, match="400x400 pixels, which is too many"):
            load_image(tmp_path / "x.png", 16)


class TestHalves:
    def test_each_half_is_cropped_alike(self, tmp_path):
        picture = Image.new("RGB", (40, 10), "red")
        picture.paste((0, 0, 255), (20, 0, 40, 10))
        left, right = paired_folder.load_halves(save(picture, tmp_path / "x.png"), 8)
        assert left.size == right.size == (8, 8)
        assert (np.asarray(left) == (255, 0, 0)).all() and (np.asarray(right) == (0, 0, 255)).all()

    def test_a_large_jpeg_is_cut_in_the_middle(self, tmp_path):
        """Of 1030 pixels, a decoding at half of the size would have 515, which have no middle."""
        picture = Image.new("RGB", (1030, 515), "red")
        picture.paste((0, 0, 255), (515, 0, 1030, 515))
        halves = paired_folder.load_halves(save(picture, tmp_path / "x.jpg"), 64, "stretch")
        for half, expected in zip(halves, ((255, 0, 0), (0, 0, 255))):
            assert np.abs(np.asarray(half).astype(int) - expected).max() <= 3

    def test_an_upright_picture_is_halved(self, tmp_path):
        picture = Image.new("RGB", (10, 20), "red")
        picture.paste((0, 0, 255), (0, 0, 10, 10))
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by 90 degrees: what is stored on top is right
        path = save(picture, tmp_path / "x.png", exif=exif)
        left, right = paired_folder.load_halves(path, 8, modes=("RGB", "L"))
        assert (np.asarray(left) == (255, 0, 0)).all()
        assert right.mode == "L" and (np.asarray(right) == 29).all()

    def test_an_odd_width_is_refused(self, tmp_path):
        for width in (1, 9):
            path = save(rgb((width, 8)), tmp_path / f"{width}.png")
            with pytest.raises(ValueError, match=f"its width, {width} pixels, is odd"):
                paired_folder.load_halves(path, 8)


class TestMeasure:
    @pytest.mark.parametrize(("extension", "mode"), [each for each in FORMATS if each[0] != "jpg"])
    def test_size_and_mode(self, tmp_path, extension, mode):
        values, _ = MODES[mode]
        path = save(picture(mode, values).crop((0, 0, 16, 12)), tmp_path / f"x.{extension}")
        size, found = image_file.measure(path)
        assert size == (16, 12)
        with Image.open(path) as image:  # WebP and GIF store what they like
            stored = image.mode
        assert found == ("L" if stored in ("1", "L", "LA", "F", "I", "I;16") else "RGB")

    def test_the_size_is_that_of_the_upright_picture(self, tmp_path):
        exif = Image.Exif()
        exif[0x0112] = 6
        path = save(rgb((10, 20)), tmp_path / "x.jpg", exif=exif)
        assert image_file.measure(path) == ((20, 10), "RGB")
        assert load_image(path, 8).size == (8, 8)

    def test_what_is_no_image_is_refused(self, tmp_path):
        (tmp_path / "x.png").write_text("text")
        with pytest.raises(ValueError, match=image_file.NOT_AN_IMAGE):
            image_file.measure(tmp_path / "x.png")


@pytest.mark.parametrize("extension", ["png", "jpg", "webp"])
@pytest.mark.parametrize("exif", [b"text" * 9, b"Exif\0\0II*\0\x08\0\0\0\x09\0"])
def test_damaged_exif_is_ignored(tmp_path, extension, exif):
    path = save(rgb((10, 20)), tmp_path / f"x.{extension}", exif=exif)
    assert image_file.measure(path) == ((10, 20), "RGB")
    with image_file.decoded(path) as image:
        assert image.size == (10, 20)


def test_damaged_pixels_are_not_taken_for_damaged_exif(tmp_path):
    path = save(rgb((50, 50)), tmp_path / "x.png")
    path.write_bytes(path.read_bytes()[:-40])
    for read in (image_file.measure, lambda path: load_image(path, 8)):
        with pytest.raises(ValueError, match="truncated"):
            read(path)


@pytest.mark.parametrize("extension", ["gif", "png", "webp", "jpg"])
def test_animations_are_told_from_single_images(tmp_path, extension):
    frames = [rgb(color=each) for each in ("red", "blue")]
    assert not image_file.is_animated(save(frames[0], tmp_path / f"one.{extension}"))
    if extension != "jpg":
        several = save(
            frames[0], tmp_path / f"x.{extension}", save_all=True, append_images=frames[1:]
        )
        assert image_file.is_animated(several)


@pytest.mark.parametrize(
    "file, reason, expected",
    [
        ("a.png", image_file.NOT_AN_IMAGE, image_file.MISNAMED),
        ("a.txt", image_file.NOT_AN_IMAGE, image_file.NOT_AN_IMAGE),
        ("a.txt", image_file.EMPTY, image_file.NOT_AN_IMAGE),
        ("a.png", image_file.EMPTY, image_file.EMPTY),
        ("a.txt", "truncated", "truncated"),
    ],
)
def test_a_reason_depends_on_the_name(file, reason, expected):
    assert image_file.reason_of_file(file, reason) == expected


def paged(pages):
    """A TIFF whose pages are said to be the same picture."""
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "TIFF")
    content = bytearray(stream.getvalue())
    (start,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, start)
    directory = content[start : start + 2 + 12 * entries]
    struct.pack_into("<I", content, start + len(directory), len(content) if pages > 1 else 0)
    for page in range(2, pages + 1):
        after = len(content) + len(directory) + 4 if page < pages else 0
        content += directory + struct.pack("<I", after)
    return io.BytesIO(content)


def test_the_pages_of_a_tiff_are_not_counted():
    assert not image_file.has_pages(paged(1)) and image_file.has_pages(paged(2))
    assert image_file.has_pages(paged(200_000))  # half an hour, if they were


@pytest.mark.parametrize("parts, fine", [(100, True), (30_000, False)])
def test_a_jpeg_of_too_many_parts_is_refused(parts, fine):
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "JPEG")
    content = stream.getvalue()
    part = b"\xff\xe1\x00\x09Exif\0\0A"
    file = io.BytesIO(content[:2] + part * parts + content[2:])
    if fine:
        assert load_image(file, 8).size == (8, 8)
    else:
        with pytest.raises(ValueError, match="it has too many parts"):
            load_image(file, 8)
