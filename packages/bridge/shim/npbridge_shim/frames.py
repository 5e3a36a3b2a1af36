"""Frames of the lane: the bytes that the host and the model exchange. packages/bridge/src/lane/frames.ts draws them.

Nothing in this file reads or writes a socket.
"""
import struct

HEAD = struct.Struct('<cB2xIQ')     # kind, slot, sequence, length
MAX_TEXT_BYTES = 1 << 16            # the host rejects a longer traceback or reason

# from the host
REQUEST, REQUEST_IN_FILE = b'Q', b'M'
# to the host
HELLO, REPLY, REPLY_IN_FILE, END, DIED, DECLINED, BUSY = b'H', b'R', b'S', b'E', b'X', b'D', b'B'


def text_frame(kind, sequence, text):
    """Returns a whole frame whose payload is `text`, which is bytes."""
    return HEAD.pack(kind, 0, sequence, len(text)) + text


def first_bytes(text):
    """Returns `text` as UTF-8. If it is too long for a frame, its end is cut off."""
    return text[:MAX_TEXT_BYTES].encode('utf-8', 'backslashreplace')[:MAX_TEXT_BYTES]


def last_bytes(text):
    """Returns `text` as UTF-8. If it is too long for a frame, its beginning is cut off."""
    return text[-MAX_TEXT_BYTES:].encode('utf-8', 'backslashreplace')[-MAX_TEXT_BYTES:]
