"""Pictures are kept without what their camera wrote into them, and nothing else is kept."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from dispatch.domain.errors import InvalidInput
from dispatch.service.crews.images import KEPT_SIDE, cleaned

GPS, ORIENTATION = 0x8825, 0x0112


def a_picture(size: tuple[int, int] = (40, 20), kind: str = "JPEG", **options: Any) -> bytes:
    """Return a picture, red on the left and blue on the right."""
    image = Image.new(options.pop("mode", "RGB"), size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = BytesIO()
    image.save(out, format=kind, **options)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    """Return the picture unpacked."""
    image = Image.open(BytesIO(body))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_formats_are_made_anew(kind: str) -> None:
    """Each becomes a JPEG that looks the same."""
    picture = cleaned(a_picture(kind=kind))
    image = opened(picture.body)
    assert (image.format, image.size) == ("JPEG", (picture.width, picture.height))
    assert image.size == (40, 20)
    red, _, blue = image.getpixel((5, 10))  # type: ignore[misc]  # three colours
    assert red > 200 > 50 > blue


def test_the_place_it_was_taken_is_gone() -> None:
    """EXIF with GPS, maker and comment is not kept; the picture stands upright without it."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "Kamera von Frau Muster"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (51.0, 28.0, 54.0)
    body = a_picture(exif=exif, comment=b"privat")
    assert b"Muster" in body
    picture = cleaned(body)
    image = opened(picture.body)
    assert dict(image.getexif()) == {}
    assert not {"comment", "exif", "icc_profile"} & set(image.info)
    assert b"Muster" not in picture.body
    assert b"privat" not in picture.body
    assert image.size == (20, 40)


def test_a_large_picture_is_made_moderate() -> None:
    """Twelve megapixels become some hundred kilobytes."""
    picture = cleaned(a_picture((4000, 3000)))
    assert (picture.width, picture.height) == (KEPT_SIDE, KEPT_SIDE * 3 // 4)
    assert len(picture.body) < 300_000


def test_what_can_be_seen_through_is_on_white() -> None:
    """A picture with transparency gets a background, not a black one."""
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    out = BytesIO()
    image.save(out, format="PNG")
    assert opened(cleaned(out.getvalue()).body).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg onload='alert(1)'/>",
        b"GIF89a" + bytes(100),
        b"\xff\xd8\xff\xe0" + bytes(200),
        a_picture()[:200],
        a_picture(kind="PNG")[:60],
        a_picture(kind="WEBP")[:40],
        a_picture(kind="GIF"),
        a_picture(kind="BMP"),
    ],
)
def test_what_is_no_whole_picture_is_refused(body: bytes) -> None:
    """Other formats, cut off ones and names that lie are S741."""
    with pytest.raises(InvalidInput, match="S741"):
        cleaned(body)


def a_png_that_claims(width: int, height: int) -> bytes:
    """Return a few bytes that say they are a picture of that size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    "body",
    [
        a_png_that_claims(8000, 8000),
        a_png_that_claims(11_000, 11_000),
        a_png_that_claims(60_000, 60_000),
        a_png_that_claims(30_000, 10),
        bytes(15_000_001),
    ],
)
def test_a_bomb_is_not_unpacked(body: bytes) -> None:
    """Few bytes that would be gigabytes of pixels are refused by their head (S742)."""
    with pytest.raises(InvalidInput, match="S742"):
        cleaned(body)
