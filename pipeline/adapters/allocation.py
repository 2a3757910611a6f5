"""Memory given back: one large message must not leave a process large for good. See: docs/analysis/isolation.md."""

import ctypes

#: bytes from which a block is a mapping of its own, which goes back when it is freed
LARGE = 500_000
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def return_large_blocks() -> bool:
    """Whether this process now gives freed blocks back from LARGE bytes on; False where the C library is not glibc.

    See: mallopt(3). By default glibc keeps up to 64 MB for later, once a block of 32 MB was freed.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, LARGE) and mallopt(_TRIM_THRESHOLD, 2 * LARGE))
