"""Numbers of bytes, for people."""


def size(count: int) -> str:
    """As `4 GiB` or `1.5 MiB`."""
    number, unit = float(count), "bytes"
    for larger in ("KiB", "MiB", "GiB"):
        if number < 1024:
            break
        number, unit = number / 1024, larger
    return f"{number:.3g} {unit}"
