"""The packages that are installed here, against what the course asks for."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from helpers import __version__
from helpers.sources import PACKAGE

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = [
    "LOCK",
    "compare_package",
    "install_all",
    "install_course",
    "pip_command",
    "read_requirements",
]

LOCK = PACKAGE.parent / "requirements.lock"  # in a checkout; an installed course has none
WHEEL = f"two_tracks-{__version__}-py3-none-any.whl"


def read_requirements() -> list[Requirement]:
    """What is asked of this Python on this system: by the lock, else by the installed course."""
    from packaging.requirements import Requirement

    if LOCK.is_file():
        lines = LOCK.read_text(encoding="utf-8").splitlines()
        entries = [line.rstrip("\\ ") for line in lines if re.match(r"[\w.-]+==", line)]
    else:
        entries = requires("two-tracks") or []
    asked = map(Requirement, entries)
    return [each for each in asked if not each.marker or each.marker.evaluate({"extra": ""})]


def compare_package(requirement: Requirement) -> str:
    """What is wrong with one package; empty if nothing is."""
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return f"{requirement.name} is missing"
    is_good = requirement.specifier.contains(found, prereleases=True)
    return "" if is_good else f"{requirement.name} is {found}, not {requirement.specifier}"


def install_all() -> str:
    """The command that brings every package in the version asked for."""
    if LOCK.is_file():
        return f'run: {pip_command()} --require-hashes -r "{LOCK}"'
    return f"where the file is, run: {pip_command()} {WHEEL}"


def install_course() -> str:
    """The command that brings again what belongs to the course alone."""
    if LOCK.is_file():
        return f'run: {pip_command()} --no-deps --no-build-isolation -e "{LOCK.parent}"'
    return f"where the file is, run: {pip_command()} --no-deps --force-reinstall {WHEEL}"


def pip_command() -> str:
    """What installs into this Python; an environment made by uv has no pip."""
    if find_spec("pip"):
        return f'"{sys.executable}" -m pip install'
    return f'uv pip install --python "{sys.executable}"'
