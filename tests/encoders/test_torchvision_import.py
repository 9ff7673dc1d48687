import subprocess
import sys

CODE = """
from recognition.encoders.torchvision_import import import_torchvision, _declared
import_torchvision()
import_torchvision()
import torchvision
from torchvision.transforms import InterpolationMode, Resize
assert Resize(8, InterpolationMode.BICUBIC)
print(torchvision.extension._has_ops(), len(_declared))
"""
BROKEN = """
import sys
sys.modules["torchvision"] = None
from recognition.encoders.torchvision_import import import_torchvision
try:
    import_torchvision()
except ImportError:
    print("refused")
"""


def run(code):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_operators_are_declared_only_where_torchvision_lacks_them():
    assert run(CODE) in ("True 0", "False 1")


def test_a_missing_torchvision_stays_missing():
    assert run(BROKEN) == "refused"
