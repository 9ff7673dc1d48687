#!/usr/bin/env python3
"""Run a Dockerfile's steps in clean Debian trees, where there is no container engine.

    deploy/in-chroot.py /var/tmp/oneshot-image
    deploy/in-chroot.py /var/tmp/oneshot-image --run "oneshot-server --version"

Needs root, debootstrap (unless --base names a tree that it made) and the space of two images. Its
last line is the command that starts the service there. It knows what deploy/Dockerfile uses: FROM,
ARG, ENV, RUN, COPY, WORKDIR and USER; the other instructions say how a container runs.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAIN = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "DEBIAN_FRONTEND": "noninteractive",
}


@dataclass
class Stage:
    """A tree that steps change, with what holds for the next of them."""

    tree: Path
    environment: dict[str, str] = field(default_factory=lambda: dict(PLAIN))
    folder: str = "/"
    user: str = "0:0"


def main() -> None:
    given = _arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    base = given.base or _debootstrap(given.work / "debian")
    stages: dict[str, Stage] = {}
    for instruction, rest in _instructions((ROOT / "deploy" / "Dockerfile").read_text()):
        print(f"== {instruction} {rest}", flush=True)
        if instruction == "FROM":
            source, _, name = rest.partition(" AS ")
            stage = _begin(stages.get(source), base, given.work / (name or "image"))
            stages[name or "image"] = stage
            for each in given.file:
                _place(stage.tree, *each.split(":"))
        elif instruction == "ENV":
            for name, value in re.findall(r"(\w+)=(\S+)", rest):
                stage.environment[name] = value.replace("$PATH", stage.environment["PATH"])
        elif instruction == "ARG":
            name, _, default = rest.partition("=")
            stage.environment[name] = dict(each.split("=", 1) for each in given.build_arg).get(
                name, default
            )
        elif instruction == "WORKDIR":
            stage.folder = rest
            (stage.tree / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif instruction == "USER":
            stage.user = rest
        elif instruction == "RUN":
            _run(stage, rest, dict(each.split("=", 1) for each in given.env))
        elif instruction == "COPY":
            _copy(stages, stage, rest.split())
    if given.run:
        _run(stage, given.run, {})
    user, tree = stage.user, stage.tree
    names = ("PATH", "HOME", "LOGNAME", "ONESHOT_DATA_DIR", "ONESHOT_MODELS_DIR")
    settings = " ".join(f"{name}={stage.environment[name]}" for name in names)
    print(f"chroot --userspec={user} {tree} env -i {settings} oneshot-server start")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("work", type=Path, help="Where the trees are made.")
    parser.add_argument("--base", type=Path, help="A tree of debootstrap's to begin with.")
    parser.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument(
        "--env", action="append", default=[], metavar="NAME=VALUE", help="While steps run alone."
    )
    parser.add_argument(
        "--file", action="append", default=[], metavar="FROM:TO", help="Such as a certificate."
    )
    parser.add_argument("--run", help="A command that is run in the finished image.")
    return parser.parse_args()


def _instructions(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [
        (line.split()[0], line.partition(" ")[2].strip()) for line in joined.splitlines() if line
    ]


def _debootstrap(tree: Path) -> Path:
    if not (tree / "bin").exists():
        subprocess.run(["debootstrap", "--variant=minbase", "trixie", str(tree)], check=True)
    return tree


def _begin(source: Stage | None, base: Path, tree: Path) -> Stage:
    shutil.rmtree(tree, ignore_errors=True)
    subprocess.run(["cp", "-a", str(source.tree if source else base), str(tree)], check=True)
    stage = Stage(tree)
    if source:
        stage.environment |= source.environment
    else:
        _place(tree, "/etc/resolv.conf", "/etc/resolv.conf")
    return stage


def _place(tree: Path, source: str, target: str) -> None:
    place = tree / target.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    shutil.copy(source, place)


def _run(stage: Stage, command: str, more: dict[str, str]) -> None:
    # A mount namespace of its own: what is mounted for a step goes with it.
    mounts = "mount -t proc proc proc && mount --rbind /dev dev && mount --rbind /sys sys"
    inside = f'cd {stage.folder} && exec /bin/sh -c "$0"'
    chroot = f"exec chroot --userspec={stage.user} . /bin/sh -c '{inside}' \"$0\""
    subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"{mounts} && {chroot}", command],
        cwd=stage.tree,
        env=stage.environment | more,
        check=True,
    )


def _copy(stages: dict[str, Stage], stage: Stage, words: list[str]) -> None:
    source = ROOT
    if words[0].startswith("--from="):
        source = stages[words.pop(0).removeprefix("--from=")].tree
    *names, target = words
    place = stage.tree / os.path.join(stage.folder, target).lstrip("/")
    for name in names:
        path = source / name.lstrip("/")
        if path.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, place, symlinks=True, dirs_exist_ok=True, ignore=ignored)
        else:
            shutil.copy(path, place / path.name if target.endswith("/") else place)


if __name__ == "__main__":
    main()
