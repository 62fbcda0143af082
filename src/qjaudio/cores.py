"""How many processor cores this process may use, which can be fewer than the machine has."""

import math
import os
import sys
from functools import cache
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""What the kernel grants a container: microseconds of processor time, and in how many of wall
time; `max` where there is no limit (Linux, Documentation/admin-guide/cgroup-v2.rst)."""


@cache
def cores() -> int:
    """At least 1: those that the system lets us run on, and that a container may keep busy.

    More threads than that only wait for each other.
    """
    allowed = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    count = len(allowed(0)) if allowed else os.cpu_count() or 1
    return max(1, min(count, _quota()))


def _quota() -> int:
    """The container's share in cores, rounded up; more than any machine has where there is none."""
    try:
        granted, period = _QUOTA.read_text(encoding="ascii").split()
        return math.ceil(int(granted) / int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return sys.maxsize
