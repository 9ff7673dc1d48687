"""The raw files of cameras, developed by LibRaw."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image

from recognition.core.errors import DamagedImage, TooManyPixels, UnsupportedImage

RAW = "RAW"
"""Stands beside the names of Pillow's formats."""

WHOLE_PIXELS = 12_000_000
"""A sensor's values up to which a picture is made of as many pixels; above, of a quarter: no
encoder sees the difference, and it takes a quarter of the memory."""


Size = tuple[int, int]


def sensor_size(data: bytes) -> Size:
    """Read width and height in pixels of what is decoded. Raises rawpy's errors."""
    import rawpy

    with rawpy.RawPy() as file:
        file.open_buffer(BytesIO(data))
        return file.sizes.raw_width, file.sizes.raw_height


def develop(data: bytes, admit: Callable[[Size, Size], None]) -> Image.Image:
    """Develop the upright picture in sRGB, with the white balance of the camera.

    ``admit`` refuses the size of a sensor or of its picture before anything is decoded. Raises
    UnsupportedImage for a camera that LibRaw does not know, DamagedImage.
    """
    import rawpy

    with rawpy.RawPy() as file:
        try:
            file.open_buffer(BytesIO(data))
            sizes = file.sizes
            admit((sizes.raw_width, sizes.raw_height), (sizes.width, sizes.height))
            file.unpack()
            return Image.fromarray(
                file.postprocess(
                    use_camera_wb=True,
                    half_size=sizes.width * sizes.height > WHOLE_PIXELS,
                    output_bps=8,
                )
            )
        except (rawpy.LibRawFileUnsupportedError, rawpy.NotSupportedError) as error:
            raise UnsupportedImage(
                "This is a camera's raw file of a kind that is not read. Save it as JPEG or TIFF."
            ) from error
        except (rawpy.LibRawTooBigError, rawpy.LibRawUnsufficientMemoryError) as error:
            raise TooManyPixels("The raw file is too large to develop. Scale it down.") from error
        except rawpy.LibRawError as error:
            raise DamagedImage(
                "The camera's raw file is damaged or incomplete. Upload it again."
            ) from error
