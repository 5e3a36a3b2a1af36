"""Sends synthetic webcam frames to a model server and prints the boxes it sends back.

One connection for each frame. Where a reply ends is learnt in one of two ways:

    --reply eof   the server closes the connection
    --reply npy   the npy header tells; works also with ml_model.py, which does not close

The last line is JSON. `seconds` counts from np.save of a frame to np.load of its boxes, drawing
and printing left out; `checksum` is the SHA-256 of all boxes in turn, as little-endian float32.
"""
import argparse
import hashlib
import json
import socket
import time
from io import BytesIO

import numpy as np

HEADER_SIZE = 10


class Webcam:
    """Coloured shapes that wander over a dark, noisy scene; frame k is the same in every run."""

    def __init__(self, width, height):
        noise = np.random.RandomState(6000)
        self.scene = noise.randint(0, 41, (height, width, 3)).astype(np.uint8)
        self.rows, self.columns = np.ogrid[:height, :width]

    def frame(self, k):
        img = self.scene.copy()
        height, width, _ = img.shape
        size = max(4, min(width, height) // 5)

        def wander(limit, start, step):
            """Walk to and fro between 0 and limit."""
            turn = (start + k * step) % max(1, 2 * limit)
            return min(turn, 2 * limit - turn)

        # Each shape keeps to a third of the height, so that they never touch.
        third = height // 3
        room, drop = max(0, width - size), max(0, third - size - 2)
        x, y = wander(room, width // 3, 7), wander(drop, 0, 3)
        img[y:y + size, x:x + size] = (230, 40, 30)

        radius = size // 2
        x, y = wander(room, width // 2, 5) + radius, third + wander(drop, 5, 2) + radius
        img[(self.rows - y) ** 2 + (self.columns - x) ** 2 <= radius ** 2] = (20, 210, 60)

        x, y = wander(room, 0, 11), 2 * third + wander(drop, 9, 1)
        img[y:y + size // 2, x:x + size] = (200, 205, 210)
        return img


def recv_until_eof(sock):
    reply = BytesIO()
    while True:
        data = sock.recv(4096)
        if not data:
            break
        reply.write(data)
    reply.seek(0)
    return np.load(reply)


def recv_npy(sock):
    with sock.makefile('rb') as reply:
        version = np.lib.format.read_magic(reply)
        read_header = {(1, 0): np.lib.format.read_array_header_1_0,
                       (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, fortran_order, dtype = read_header(reply)
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        data = reply.read(size)
    if len(data) < size:
        raise EOFError(f'the reply ended after {len(data)} of {size} bytes')
    return np.frombuffer(data, dtype).reshape(shape, order='F' if fortran_order else 'C')


def send_img_to_ml_model(img, server_address, recv_reply, timeout):
    message = BytesIO()
    np.save(message, img)
    msg_len = message.getbuffer().nbytes
    b_msg_len = bytes(f'{msg_len:<{HEADER_SIZE}}', 'utf-8')

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.settimeout(timeout)
        sock.connect(server_address)
        # In one go: the server takes its first recv for the whole header.
        sock.sendall(b_msg_len + message.getvalue())
        return recv_reply(sock)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--host', default='localhost')
    parser.add_argument('--port', type=int, default=6000)
    parser.add_argument('--frames', type=int, default=20)
    parser.add_argument('--width', type=int, default=640)
    parser.add_argument('--height', type=int, default=480)
    parser.add_argument('--reply', choices=('eof', 'npy'), default='eof',
                        help='what ends a reply (ml_model.py needs npy)')
    parser.add_argument('--timeout', type=float, default=30, help='seconds to wait for the server')
    args = parser.parse_args()

    webcam = Webcam(args.width, args.height)
    recv_reply = recv_until_eof if args.reply == 'eof' else recv_npy
    checksum = hashlib.sha256()
    seconds = 0.0
    for k in range(args.frames):
        img = webcam.frame(k)
        begin = time.perf_counter()
        try:
            bboxes = send_img_to_ml_model(img, (args.host, args.port), recv_reply, args.timeout)
        except socket.timeout:
            hint = ', or it does not close (try --reply npy)' if args.reply == 'eof' else ''
            parser.exit(1, f'frame {k}: no whole reply in {args.timeout:g} s{hint}\n')
        seconds += time.perf_counter() - begin

        checksum.update(np.ascontiguousarray(bboxes, '<f4').tobytes())
        print(f'frame {k}: {len(bboxes)} boxes')
        for x, y, width, height, score, kind in bboxes:
            print(f'  {width:g}x{height:g} at {x:g},{y:g} score {score:.3f} class {kind:g}')

    print(json.dumps({
        'frames': args.frames,
        'seconds': round(seconds, 6),
        'fps': round(args.frames / seconds, 2) if seconds else None,
        'checksum': checksum.hexdigest(),
    }))


if __name__ == '__main__':
    main()
