"""What a snippet may not do on Linux: reach a network, or write anywhere but its own folder.

Neither needs rights that an ordinary user has not. Where the kernel lacks a mechanism, or forbids
it, the snippet runs without that fence, and the build says so.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import tempfile

NEW_USER = 0x10000000
NEW_NETWORK = 0x40000000
NO_NEW_PRIVILEGES = 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
WRITE_FILE = 1 << 1
WRITES = WRITE_FILE | sum(1 << bit for bit in range(4, 13))  # remove or make whatever there is
REFER, TRUNCATE = 1 << 13, 1 << 14
TCP = 0b11  # bind, connect


NO_NETWORK, NO_WRITING = "around the network", "around all other folders"


def confine(folder: str) -> list[str]:
    """Take the network from this process, and all writing but below `folder` and to devices.

    Returns what could not be had of the two.
    """
    if sys.platform != "linux":
        return [NO_NETWORK, NO_WRITING]
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    system = ctypes.CDLL(None, use_errno=True)
    # A new network namespace has no route to anywhere; who is not root needs one of users first.
    lost = system.unshare(NEW_NETWORK if os.geteuid() == 0 else NEW_USER | NEW_NETWORK)
    missing = [NO_NETWORK] if lost else []
    return missing if restrict_writes(system, folder) else [*missing, NO_WRITING]


def restrict_writes(system: ctypes.CDLL, folder: str) -> bool:
    """Landlock (https://docs.kernel.org/userspace-api/landlock.html), if it is there."""
    version = system.syscall(CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    handled = WRITES | (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)
    attributes = struct.pack("=QQ", handled, TCP) if version >= 4 else struct.pack("=Q", handled)
    rules = system.syscall(CREATE_RULESET, attributes, len(attributes), 0)
    for place, allowed in (
        (folder, handled),
        ("/dev/shm", handled),
        ("/dev", handled & (WRITE_FILE | TRUNCATE)),
    ):
        try:
            opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        rule = struct.pack("=Qi", allowed, opened)
        system.syscall(ADD_RULE, rules, 1, rule, 0)
        os.close(opened)
    system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    restricted = system.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return restricted
