"""An archive of files with every kind of name, as people send them.

``ONESHOT_DRILL_FILES=5000`` makes it as large as people's archives are; without it it is as large
as a test may be.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

from tests.archives.builders import Files, image_bytes

FILES = int(os.environ.get("ONESHOT_DRILL_FILES", "120"))
SEED = 23

THINGS = [
    ["Blue Mug", "blue mug", "BLUE  MUG", "Blue\u00a0Mug"],
    ["caf\u00e9", "cafe\u0301", "CAF\u00c9"],
    ["山田\u3000太郎", "山田 太郎"],
    ["Straße", "STRASSE"],
    ["می\u200cخواهم"],
    ["👨\u200d👩\u200d👧"],
    ["Кружка", "кружка"],
    ["ｶｯﾌﾟ", "カップ"],
    ["C++"],
    ["a" * 150],
    ["#1 & co. (50%)"],
    ["\u200fעץ", "עץ"],
]
FILE_NAMES = ["Screenshot 9.41\u202fAM {}.png", "IMG_{}.PNG", "фото {}.png", "e\u0301 {}.png", "{}"]
LEFTOVERS = [".DS_Store", "Thumbs.db", ".ipynb_checkpoints/1.png", "@eaDir/1.png"]


def every_name(build: Callable[[Files], bytes]) -> bytes:
    """``FILES`` photos, and beside them leftovers, an archive, a broken photo, and one twice."""
    drawn = random.Random(SEED)  # noqa: S311 - the same each time
    files: dict[str, bytes] = {}
    for number in range(FILES):
        folder = drawn.choice(THINGS[number % len(THINGS)])
        deeper = drawn.choice(["", "", "front/", "a/b/"])
        file = FILE_NAMES[number % len(FILE_NAMES)].format(number)
        files[f"all/{folder}/{deeper}{file}"] = image_bytes(number)
    for number, name in enumerate(LEFTOVERS):
        files[f"all/{THINGS[number][0]}/{name}"] = b"x"
    files["all/C++/more.zip"] = b"PK"
    files["all/C++/broken.png"] = b"no photo"
    files["all/Blue Mug/again.png"] = image_bytes(0)
    return build(files)
