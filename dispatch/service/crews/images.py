"""Pictures as they are kept: made anew, so that nothing is in them but what is to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from dispatch.domain.errors import InvalidInput, Issue

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_BYTES: Final = 15_000_000
MOST_PIXELS: Final = 50_000_000
"""What the best cameras of tablets have; more is no photo but an attempt on our memory."""
MOST_SIDE: Final = 20_000
KEPT_SIDE: Final = 1600
"""So much of a picture is kept: the plate of a parked car can be read, and 100 kB are enough."""
QUALITY: Final = 80
MEDIA_TYPE: Final = "image/jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPicture:
    """A picture without anything its camera wrote into it: no place, no name, no thumbnail."""

    width: int
    height: int
    body: bytes


def cleaned(body: bytes) -> CleanPicture:
    """Return the picture made anew as JPEG, upright and of a moderate size.

    Raises InvalidInput for what is no JPEG, PNG or WebP or is damaged (S741), and for one that is
    too large in bytes or pixels (S742): its size is looked at before it is unpacked.
    """
    if len(body) > MOST_BYTES:
        raise _too_large(f"{len(body)} bytes, {MOST_BYTES} are allowed")
    try:
        with Image.open(BytesIO(body), formats=FORMATS) as picture:
            _must_be_moderate(picture)
            return _anew(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(str(error)) from error
    # All that the readers of the three formats raise for bytes that are none, or not all of it.
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError) as error:
        raise InvalidInput(
            Issue(
                code="S741",
                subject="photo",
                cause=f"it is no JPEG, PNG or WebP, or it is damaged ({type(error).__name__})",
                action="Take the picture again and send it whole",
            )
        ) from error


def _anew(picture: Image.Image) -> CleanPicture:
    # JPEG can be unpacked at a fraction of its size; the others ignore this.
    picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    plain = upright.convert("RGB")
    plain.thumbnail((KEPT_SIDE, KEPT_SIDE))
    plain.info.clear()
    out = BytesIO()
    plain.save(out, format="JPEG", quality=QUALITY, optimize=True)
    return CleanPicture(width=plain.width, height=plain.height, body=out.getvalue())


def _must_be_moderate(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise _too_large(f"{width} x {height} pixels, {MOST_PIXELS} in all are allowed")


def _too_large(cause: str) -> InvalidInput:
    return InvalidInput(
        Issue(
            code="S742",
            subject="photo",
            cause=f"it is too large: {cause}",
            action="Let the camera take smaller pictures and send it again",
        )
    )
