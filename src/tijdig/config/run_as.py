"""Starts one program as another account or detached; a launcher, run as a file by path.

    python -I -S run_as.py UID GID CAPABILITY DETACH PROGRAM [ARGUMENT...]

`-` for UID leaves the account as it is; `-` for CAPABILITY keeps none; DETACH is `1` or `0`.
Detached, the program gets a session of its own, its output goes to stderr, and the number of
its process is the only line on stdout. Only the standard library, nothing of Tijdig: it runs as
root for a moment. Exit status 126: the account, the capability or the program could not be had.
"""

import ctypes
import os
import struct
import sys

PR_SET_SECUREBITS = 28
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522
CANNOT_START = 126


def main(arguments: list[str]) -> None:
    """Become the account, keep the one capability, and turn into the program."""
    user, group, capability, detach, *program = arguments
    try:
        if detach == "1":
            _detach()
        if user != "-":
            _become(int(user), int(group), None if capability == "-" else int(capability))
        os.execv(program[0], program)  # noqa: S606 - there is no shell, and there must be none
    except OSError as error:
        sys.stderr.write(f"run_as: {program[0]}: {error}\n")
        sys.stderr.flush()
        os._exit(CANNOT_START)


def _detach() -> None:
    """Go on in a grandchild's place: no parent to report to, no terminal to die with."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.write(1, f"{child}\n".encode())
        os._exit(0)
    os.setsid()
    os.dup2(2, 1)


def _become(user: int, group: int, capability: int | None) -> None:
    if capability is not None:
        # Without this bit access(2), by which PostgreSQL looks for its own programs, would
        # judge by the account alone and forget the capability; setresuid would drop it too.
        _call_kernel("prctl", PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)
    if capability is not None:
        _keep_only(capability)
        _call_kernel("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _keep_only(capability: int) -> None:
    bit = 1 << capability
    header = ctypes.create_string_buffer(struct.pack("=Ii", CAPABILITY_VERSION_3, 0))
    # effective, permitted and inheritable, for capabilities 0-31 and then for 32-63
    sets = ctypes.create_string_buffer(struct.pack("=6I", bit, bit, bit, 0, 0, 0))
    _call_kernel("capset", header, sets)


def _call_kernel(name: str, *arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    values = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    if getattr(library, name)(*values) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    main(sys.argv[1:])
