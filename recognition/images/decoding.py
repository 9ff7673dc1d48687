"""Untrusted bytes to a clean RGB image."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from math import prod

from PIL import ExifTags, Image, ImageChops
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from recognition.core.errors import (
    DamagedImage,
    EncoderBusy,
    ImageError,
    TooManyPixels,
    UnsupportedImage,
)
from recognition.core.types import QualityWarning
from recognition.images import depth, jpeg, png, raw, tiff
from recognition.images.colour import to_rgb
from recognition.images.formats import ACCEPTED, sniff
from recognition.images.jxl import JXL, declared_size, decode_jxl
from recognition.images.limits import (
    ImageLimits,
    check_bytes,
    check_dimensions,
    check_scans,
    check_size,
    too_many_pixels,
)
from recognition.images.room import DECODING

DEFAULT_LIMITS = ImageLimits()
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_UNUSED_ALPHA = {"BMP", "TIFF"}
"""Formats whose writers leave zeros in an alpha channel that they do not use."""

_OF_16_BIT = {"RGB", "RGBA", "LA"}
"""Modes of which Pillow keeps the high bytes of 16 bits a channel."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A clean image, and what had to be guessed to see it."""

    image: Image.Image
    warnings: tuple[QualityWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as Pillow is given it, and what else is known of its samples.

    ``declared`` bits of a sample mean something; ``is_deep`` says that colours have 16 bits.
    """

    data: bytes
    formats: tuple[str, ...]
    declared: int | None = None
    is_deep: bool = False
    is_inverted: bool = False
    profile: bytes | None = None
    warnings: tuple[QualityWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class _Room:
    """The room that a picture may take, and its place among those that the process decodes."""

    held: ExitStack
    limits: ImageLimits

    def take(self, size: tuple[int, int], *, copies: int = 1) -> None:
        """Wait for room, once a picture. Raises EncoderBusy."""
        total, seconds = self.limits.max_pixels_at_once, self.limits.wait_seconds
        pixels = copies * size[0] * size[1]
        self.held.enter_context(DECODING.taken(pixels, total=total, seconds=seconds))


def open_image(
    data: bytes, *, limits: ImageLimits = DEFAULT_LIMITS, fit: int | None = None
) -> Image.Image:
    """Decode a file as ``read_image`` does, for who has nobody to tell of guesses."""
    return read_image(data, limits=limits, fit=fit).image


def read_image(
    data: bytes, *, limits: ImageLimits = DEFAULT_LIMITS, fit: int | None = None
) -> Opened:
    """Decode a file's first full picture to upright 8-bit sRGB without metadata.

    ``fit`` is the input size in pixels of the encoder that the image goes to: a JPEG is then
    decoded at 1/2, 1/4 or 1/8 of its scale as long as its short side keeps twice that size, and any
    other image is scaled likewise, which saves most of the time and the memory and hardly changes
    what the encoder sees. Leave it out for an image that is to be kept.

    Warnings are ``stretched``, ``ground_chosen`` and ``reduced_copy``. Raises EmptyImage,
    ImageTooLarge, TooManyPixels, UnsupportedImage, DamagedImage, or ImageError for an image of a
    shape that nothing can be recognised in; EncoderBusy where the process decodes too many pixels
    already.
    """
    check_bytes(data, limits)
    formats = sniff(data)
    try:
        with ExitStack() as held:
            return _decoded(data, formats, _Room(held, limits), fit)
    except (ImageError, EncoderBusy, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many_pixels(limits, "too many pixels to open") from None
    except Exception as error:
        # Pillow's decoders let through whatever their parsing of a broken file ran into.
        if unread := _unread(data, formats, error):
            raise UnsupportedImage(
                f"This is {unread}, which is not read. Save it as an ordinary {formats[0]}, or as "
                f"{ACCEPTED}."
            ) from error
        raise DamagedImage(
            f"The {formats[0]} file is damaged or incomplete. Upload it again from the original."
        ) from error


def _source(data: bytes, formats: tuple[str, ...]) -> _Source | None:
    """The file less what stands between it and its picture; None for a camera's raw file."""
    if formats == ("PNG",):
        plain, profile = png.plain_png(data)
        is_deep = data[24:25] == b"\x10"
        declared = png.significant_bits(plain) if is_deep else None
        return _Source(plain, formats, declared, is_deep, profile=profile)
    page = tiff.full_page(data) if formats == ("TIFF",) else None
    if page is None:
        return _Source(data, formats)
    if page.is_raw:
        return None
    tiff.check_samples(page)
    return _Source(
        tiff.beginning_with(data, page),
        formats,
        page.significant_bits,
        is_deep=page.bits[0] > 8,
        is_inverted=page.is_inverted,
        warnings=_reduced(page),
    )


def _reduced(page: tiff.Page) -> tuple[QualityWarning, ...]:
    if not page.is_reduced:
        return ()
    detail = "The file says that its picture is a reduced copy of another, which it does not have."
    return (QualityWarning("reduced_copy", detail),)


def _decoded(data: bytes, formats: tuple[str, ...], room: _Room, fit: int | None) -> Opened:
    source = None if formats == (raw.RAW,) else _source(data, formats)
    if source is None:
        return Opened(_fitted(_developed(data, room), fit))
    image = _load(source, room, fit)
    shallow, told = _of_8_bits(image, source, lambda: _low_bytes(source, room.limits))
    if source.profile:
        shallow.info["icc_profile"] = source.profile
    unused_alpha = source.formats[0] in _UNUSED_ALPHA
    pixels, laid = to_rgb(shallow, unused_alpha=unused_alpha)
    clean = _fitted(_upright(pixels, image), fit)
    clean.info = {}
    return Opened(clean, (*source.warnings, *told, *laid))


def _developed(data: bytes, room: _Room) -> Image.Image:
    def admit(sensor: tuple[int, int], picture: tuple[int, int]) -> None:
        for size in (sensor, picture):
            check_size(size, room.limits)
        room.take(sensor)

    return raw.develop(data, admit)


def _load(source: _Source, room: _Room, fit: int | None) -> Image.Image:
    """The decoded picture, of samples of 16 bits the high bytes where Pillow gives no more."""
    if source.formats == (JXL,):
        # Its decoder's process holds it beside this one.
        room.take(declared_size(source.data) or (room.limits.max_pixels, 1), copies=2)
        return decode_jxl(source.data, room.limits)
    image = _open(source, room.limits, source.data)
    if isinstance(image, JpegImageFile):
        check_scans(source.data)
        if fit:
            image.draft("RGB", (2 * fit, 2 * fit))
        if not jpeg.is_ended(source.data):
            room.take(image.size, copies=2)
            return _unended(source, room.limits, fit)
    room.take(image.size, copies=2 if source.is_deep else 1)
    image.load()
    return image


def _low_bytes(source: _Source, limits: ImageLimits) -> Image.Image:
    """The low bytes of samples of 16 bits. Raises ValueError where Pillow cannot give them."""
    image = _open(source, limits, source.data)
    image.tile = [depth.low_tile(each) for each in image.tile]
    image.load()
    return image


def _open(source: _Source, limits: ImageLimits, data: bytes) -> ImageFile:
    image = Image.open(BytesIO(data), formats=source.formats)
    check_dimensions(image, limits)
    return image


def _unended(source: _Source, limits: ImageLimits, fit: int | None) -> Image.Image:
    """A JPEG of which nothing is missing but its end mark. Raises DamagedImage."""
    made = []
    for data in jpeg.endings(source.data):
        image = _open(source, limits, data)
        if fit:
            image.draft("RGB", (2 * fit, 2 * fit))
        image.load()
        made.append(image)
    one, other = made
    if not jpeg.is_refined(source.data) or _differ(one, other):
        raise DamagedImage("The JPEG file is damaged or incomplete. Upload it again.")
    return one


def _differ(one: Image.Image, other: Image.Image) -> bool:
    bands = zip(one.split(), other.split(), strict=True)
    return any(ImageChops.difference(*pair).getbbox() is not None for pair in bands)


def _of_8_bits(
    image: Image.Image, source: _Source, low: Callable[[], Image.Image]
) -> tuple[Image.Image, tuple[QualityWarning, ...]]:
    """The picture with 8 bits a channel; Pillow's own conversion would clip what has more."""
    told: tuple[QualityWarning, ...] = ()
    shallow = image
    if image.mode == "F":
        shallow = depth.grey_of_range(image, 1.0)
    elif image.mode.startswith("I;16") and source.is_deep:
        shallow, told = depth.grey_of_16(image, source.declared)
    elif image.mode.startswith("I"):
        shallow = depth.grey_of_range(image, depth.MAX_16_BIT)
    elif source.is_deep and image.mode in _OF_16_BIT and depth.may_be_dim(image, source.declared):
        shallow, told = depth.colours_of_16(image, _low(low), source.declared)
    if shallow is not image:
        if source.is_inverted:
            shallow = ImageChops.invert(shallow)
        shallow.info["icc_profile"] = image.info.get("icc_profile")
    return shallow, told


def _low(low: Callable[[], Image.Image]) -> Image.Image | None:
    try:
        return low()
    except ValueError:
        # Pillow has no such unpacking of grey with alpha, nor of separate planes.
        return None


def _unread(data: bytes, formats: tuple[str, ...], error: Exception) -> str | None:
    """Name the kind of a file that could not be decoded where it is whole, but of one that is not
    read.
    """
    if formats == ("JPEG",):
        return jpeg.unread(data)
    if formats == ("TIFF",):
        return tiff.unread(data)
    if formats == ("BMP",) and str(error).startswith("Unsupported"):
        return "a BMP of a rare kind"
    return None


def check_request(
    sources: Sequence[bytes], *, limits: ImageLimits = DEFAULT_LIMITS, fit: int | None = None
) -> None:
    """Refuse images that together declare more pixels than a request may have decoded, before one
    of them is. Raises TooManyPixels.
    """
    found = sum(_declared_pixels(data, limits, fit) for data in sources)
    if found > limits.max_request_pixels:
        raise TooManyPixels(
            f"The {len(sources)} images have {found / 1e6:.0f} million pixels together; at most "
            f"{limits.max_request_pixels / 1e6:g} million are taken at once. Send fewer, or scale "
            "them down first."
        )


def _declared_pixels(data: bytes, limits: ImageLimits, fit: int | None) -> int:
    """Count the pixels that the header declares; of what cannot be opened none, since decoding
    refuses it.
    """
    try:
        formats = sniff(data)
        source = None if formats == (raw.RAW,) else _source(data, formats)
        if source is None:
            return prod(raw.sensor_size(data))
        if formats == (JXL,):
            return prod(declared_size(data) or (limits.max_pixels,))
        with Image.open(BytesIO(source.data), formats=formats) as image:
            if fit and isinstance(image, JpegImageFile):
                image.draft("RGB", (2 * fit, 2 * fit))
            return prod(image.size)
    except Exception:
        return 0


def _fitted(image: Image.Image, fit: int | None) -> Image.Image:
    """The image at an integer part of its scale, its short side at least twice ``fit``."""
    factor = min(image.size) // (2 * fit) if fit else 1
    return image.reduce(factor) if factor > 1 else image


def _upright(pixels: Image.Image, source: Image.Image) -> Image.Image:
    """Turn the pixels as the source's metadata says.

    Read after decoding, since a PNG may carry its EXIF behind the pixels.
    """
    try:
        orientation = source.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        # An unreadable EXIF block is no reason to refuse good pixels.
        orientation = 1
    method = _UPRIGHT.get(orientation)
    return pixels if method is None else pixels.transpose(method)
