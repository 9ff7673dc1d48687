"""What a file is, from its content alone: a name or a declared type proves nothing."""

from __future__ import annotations

from PIL import Image
from pillow_heif import register_heif_opener

from recognition.core.errors import UnsupportedImage
from recognition.images.jxl import JXL, is_jxl
from recognition.images.raw import RAW

# Plugins are registered once here, not by whichever threads open the first images. A HEIC's
# embedded thumbnail never stands for the image.
register_heif_opener(thumbnails=False)
Image.init()

ACCEPTED = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, HEIC, JPEG 2000, JPEG XL, PGM or PPM"
HEAD = 4096

_SIGNATURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"\xff\x4f\xff\x51": "JPEG2000",
    b"\0\0\0\x0cjP  \r\n\x87\n": "JPEG2000",
    b"FUJIFILMCCD-RAW": RAW,
    b"IIRO": RAW,
    b"IIRS": RAW,
    b"MMOR": RAW,
    b"IIU\0": RAW,
}
"""The raw files are those of Fujifilm, Olympus and Panasonic; most others are TIFF."""
_BMP_HEADER_SIZES = {12, 16, 40, 52, 56, 64, 108, 124}
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), ("AVIF",)),
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), ("HEIF",)
    ),
    **dict.fromkeys((b"mif1", b"msf1"), ("AVIF", "HEIF")),
}


def sniff(data: bytes) -> tuple[str, ...]:
    """Name the Pillow formats that the content may be in, one but for a generic HEIF brand.

    Raises UnsupportedImage with a sentence that says what to do.
    """
    if data[8:10] == b"CR" and data.startswith(b"II*\0") or data[4:12] == b"ftypcrx ":
        return (RAW,)  # Canon's
    if is_jxl(data):
        return (JXL,)
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            return (name,)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return ("WEBP",)
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return ("BMP",)
    if data[:1] == b"P" and data[1:2] in b"123456" and data[2:3] in b"\n\r\t #":
        return ("PPM",)
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        return _BRANDS[data[8:12]]
    raise UnsupportedImage(_advice(data[:HEAD]))


def _advice(head: bytes) -> str:
    if _is_text(head):
        if b"<svg" in head.lower():
            return f"This is an SVG drawing. Export it as {ACCEPTED} and upload that."
        return f"This is text, not an image. Upload a {ACCEPTED} file."
    if head.startswith(b"%PDF"):
        return f"This is a PDF document. Export the page as {ACCEPTED} and upload that."
    if head[4:8] == b"ftyp":
        return f"This is a video or another media file. Upload one frame of it as {ACCEPTED}."
    return f"The file's format is not known. Save the image as {ACCEPTED}."


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        # The cut may fall inside a character of up to four bytes.
        text = head[: max(len(head) - 3, 1)].decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in text)
