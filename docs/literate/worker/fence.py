"""What a snippet may not do on Linux, and what it cannot reach.

It has namespaces of its own: no network, no other processes, no shared memory of others; all that
is mounted can only be read, but for its own folder. Landlock says the last once more, for where
there are no namespaces. None of this needs rights that an ordinary user has not. Where the kernel
lacks a mechanism, or forbids it, the snippet runs without that fence, and the build says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

NEW_MOUNTS, NEW_NAMES, NEW_SHARED_MEMORY = 0x00020000, 0x04000000, 0x08000000
NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
NO_NEW_PRIVILEGES = 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
WRITE_FILE = 1 << 1
WRITES = WRITE_FILE | sum(1 << bit for bit in range(4, 13))  # remove or make whatever there is
REFER, TRUNCATE = 1 << 13, 1 << 14
TCP = 0b11  # bind, connect
SCOPES = 0b11  # abstract sockets, signals
BIND, RECURSIVELY, PRIVATE = 1 << 12, 1 << 14, 1 << 18
SET_ATTRIBUTES, HERE, READ_ONLY = 442, -100, 1
CAPABILITIES, READ_ANYTHING = 0x20080522, 1 << 2

NO_NETWORK, NO_WRITING = "around the network", "around all other folders"
NO_CHANGES = "around the attributes of other files, and shared memory"
NO_PROCESSES = "around other processes"


def system() -> ctypes.CDLL:
    """The C library, which tells why a call has failed."""
    return ctypes.CDLL(None, use_errno=True)


def rule() -> None:
    """Give this process, which has one thread yet, the right to make namespaces if it has not."""
    if sys.platform == "linux" and not works(may_rule) and works(become_ruler):
        become_ruler()


def may_rule() -> None:
    """Make a namespace; an `OSError` says why not."""
    if system().unshare(NEW_MOUNTS):
        raise OSError(ctypes.get_errno())


def become_ruler() -> None:
    """Make a namespace of users, with oneself in it; an `OSError` says why not."""
    user, group = os.geteuid(), os.getegid()
    if system().unshare(NEW_USER):
        raise OSError(ctypes.get_errno())
    for name, text in (
        ("setgroups", "deny"),
        ("gid_map", f"{group} {group} 1"),
        ("uid_map", f"{user} {user} 1"),
    ):
        Path("/proc/self", name).write_text(text, encoding="utf-8")
    may_rule()


def works(call: Callable[[], None]) -> bool:
    """Whether a call would succeed, which another process finds out."""
    child = os.fork()
    if child == 0:
        try:
            call()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


class Processes:
    """A namespace of processes for one job: all of them end with it, whatever they do.

    Its first process is a `cat` that waits for the end of this one.
    """

    def __init__(self) -> None:
        self.first: subprocess.Popen[bytes] | None = None

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """While open, what is forked belongs to it, if it can be had."""
        # A namespace whose first process could not be started would have no room for another.
        if not shutil.which("cat") or sys.platform != "linux" or system().unshare(NEW_PROCESSES):
            yield
            return
        own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        try:
            with contextlib.suppress(OSError):
                self.first = subprocess.Popen(
                    ["cat"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
            yield
        finally:
            system().setns(own, NEW_PROCESSES)
            os.close(own)

    def leave(self) -> None:
        """In a process of a job: leave it to the server to say when all is over."""
        if self.first and self.first.stdin:
            self.first.stdin.close()

    def end(self) -> None:
        """Kill all that is left in it; when this returns, nothing is."""
        if self.first:
            self.first.kill()
            self.first.communicate()


def confine(folder: str, project: str, memory: int, processes: bool) -> list[str]:
    """Take from this process the network, other processes and all writing but below `folder`.

    `memory` is how many bytes shared memory may take; `processes` says whether this process is in
    a namespace of its own. Returns what could not be had.
    """
    if sys.platform != "linux":
        return [NO_NETWORK, NO_WRITING, NO_CHANGES, NO_PROCESSES]
    missing = [] if processes else [NO_PROCESSES]
    if system().unshare(NEW_NETWORK):
        missing.append(NO_NETWORK)
    apart = system().unshare(NEW_MOUNTS | NEW_NAMES | NEW_SHARED_MEMORY) == 0
    if not apart or not restrict_mounts(folder, project, memory):
        missing.append(NO_CHANGES)
    drop_capabilities()
    if not restrict_writes(folder) and NO_CHANGES in missing:
        missing.append(NO_WRITING)
    return missing


def restrict_mounts(folder: str, project: str, memory: int) -> bool:
    """Make all that is mounted read-only for this process, but for `folder` and shared memory."""
    call = system()
    own = os.fsencode(folder)
    places = [os.path.realpath(place) for place in (folder, project, sys.prefix)]
    hidden = {
        place: os.open(place, os.O_PATH | os.O_CLOEXEC)
        for place in places
        if place.startswith("/dev/shm/")
    }
    if call.mount(None, b"/", None, RECURSIVELY | PRIVATE, None):
        return False
    call.mount(b"proc", b"/proc", b"proc", 0, None)  # containers may hide parts of it, and refuse
    shared = call.mount(b"tmpfs", b"/dev/shm", b"tmpfs", 0, f"size={memory}".encode()) == 0
    for place, opened in hidden.items():  # the new shared memory lies over them
        Path(place).mkdir(parents=True, exist_ok=True)
        call.mount(f"/proc/self/fd/{opened}".encode(), os.fsencode(place), None, BIND, None)
        os.close(opened)
    done = (
        call.mount(own, own, None, BIND, None) == 0
        and set_read_only(b"/", True, recursively=True)
        and set_read_only(own, False)
    )
    return done and (not shared or set_read_only(b"/dev/shm", False))


def set_read_only(place: bytes, value: bool, recursively: bool = False) -> bool:
    """Change what is mounted at a place (https://man7.org/linux/man-pages/man2/mount_setattr.2.html)."""
    attributes = struct.pack("=4Q", *((READ_ONLY, 0) if value else (0, READ_ONLY)), 0, 0)
    flags = 0x8000 if recursively else 0
    size = ctypes.c_size_t(len(attributes))
    return system().syscall(SET_ATTRIBUTES, HERE, place, flags, attributes, size) == 0


def drop_capabilities() -> None:
    """Leave nothing of what the administrator may do, but to read every file."""
    kept = READ_ANYTHING if os.geteuid() == 0 else 0
    header = struct.pack("=Ii", CAPABILITIES, 0)
    system().capset(header, struct.pack("=6I", kept, kept, 0, 0, 0, 0))
    system().prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def restrict_writes(folder: str) -> bool:
    """Landlock (https://docs.kernel.org/userspace-api/landlock.html), if it is there."""
    call = system()
    version = call.syscall(CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    handled = WRITES | (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)
    fields = [handled, *([TCP] if version >= 4 else []), *([SCOPES] if version >= 6 else [])]
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    rules = call.syscall(CREATE_RULESET, attributes, len(attributes), 0)
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
        call.syscall(ADD_RULE, rules, 1, rule, 0)
        os.close(opened)
    restricted = call.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return restricted
