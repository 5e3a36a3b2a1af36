"""Settings of glibc's malloc that let the model keep the memory of its frames.

glibc takes each block of 128 KiB or more from the system and returns it when it is freed. The kernel clears the pages before
the process gets them again: with frames of 99 MB the clearing takes more than half of the model's time. `mallopt` raises the
two thresholds, so that freed blocks stay in the process and the next frame uses them.

glibc raises its thresholds by itself when blocks are freed, up to 32 MiB. Up to there the shim only does so earlier. Beyond
32 MiB the model keeps memory that it would not have kept without the shim, so `lean` switches that part off.
"""

FIRST_THRESHOLD = 1 << 17           # glibc's threshold when a process starts
LARGEST_LEARNED = 1 << 25           # glibc raises its threshold no further than this by itself
UNLIMITED = 1 << 30                 # larger than any frame whose memory is worth keeping
INT_MAX = (1 << 31) - 1

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3     # as in malloc.h


class Allocator(object):
    """Raises malloc's thresholds to what the largest frame so far needs."""

    def __init__(self, lean):
        self.lean = lean
        self.threshold = 0          # the last value that was set

    def prepare_for(self, length):
        """Lets malloc keep freed blocks of `length` bytes, or of LARGEST_LEARNED if `length` is less or the lane is lean."""
        threshold = LARGEST_LEARNED if length < LARGEST_LEARNED or self.lean else UNLIMITED
        if threshold > self.threshold:
            self.threshold = threshold
            set_thresholds(threshold)


def set_thresholds(size):
    """Sets both thresholds. Does nothing if the C library has no mallopt, or Python no ctypes."""
    try:
        import ctypes
        mallopt = ctypes.CDLL(None).mallopt
    except Exception:
        return
    mallopt(M_TRIM_THRESHOLD, min(2 * size, INT_MAX))
    mallopt(M_MMAP_THRESHOLD, size)
