"""Run as a program: JPEG XL on standard input to pixels on standard output, within the address
space in bytes and the seconds of processor time that the arguments give.
"""

from __future__ import annotations

import json
import resource
import sys
from io import BytesIO

from PIL import Image


def main() -> None:
    memory, seconds = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pillow_jxl  # noqa: F401 - registers the format with Pillow

    with Image.open(BytesIO(sys.stdin.buffer.read()), formats=["JXL"]) as image:
        image.load()
        # The decoder turns the picture itself, and EXIF has no say in it (ISO/IEC 18181-2), except
        # where the file gives back the JPEG that it was made of, which is opened instead.
        kept = {"icc_profile": image.info.get("icc_profile")}
        if getattr(image, "jpeg", False):
            kept["exif"] = image.info.get("exif")
        head = {
            "mode": image.mode,
            "size": image.size,
            "info": {key: value.hex() for key, value in kept.items() if value},
        }
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
        sys.stdout.buffer.write(image.tobytes())


if __name__ == "__main__":
    main()
