"""Finds bright blobs in a picture and serves them over a TCP socket.

    request   ten digits, padded with spaces: the length of what follows; then np.save(picture)
    reply     np.save(boxes), nothing before it

Picture: H x W, H x W x 1, H x W x 3 or H x W x 4 (alpha is not looked at), of any real dtype.
Boxes:   N x 6 float32, best score first: x, y, width, height, score, class.
"""
import os
import socket
from io import BytesIO

import numpy as np

HEADER_SIZE = 10

MIN_CONTRAST = 48       # grey levels of 255 that a blob must stand out from the background
MIN_AREA = 16           # pixels; anything smaller is a speck
NO_DOMINANT_CHANNEL = 3


def detect(img, conf_threshold, nms_threshold):
    """Return (boxes, cut): the boxes, and the brightness (0..255) above which a pixel counts.

    x, y, width, height   in pixels from the top left corner; the box is tight
    score   contrast x fill: how far the blob's mean brightness lies between background (0) and
            255 (1), times the share of the box that the blob covers
    class   0, 1 or 2: the channel that is brightest over the blob; 3: no channel stands out
            (the weakest reaches 7/8 of the strongest: white and grey)

    Up to the score all is integer arithmetic, and the score is one float64 division:
    the same pixels give the same bits everywhere.
    """
    channels = to_channels(img)
    brightness = channels[0]
    for channel in channels[1:3]:
        brightness = np.maximum(brightness, channel)
    if brightness.size == 0:
        return np.zeros((0, 6), np.float32), 255

    background, cut = find_levels(brightness)
    inside = brightness > cut
    row, start, stop = find_runs(inside)
    if row.size == 0:
        return np.zeros((0, 6), np.float32), cut

    # Runs sorted by blob, so that each blob is one slice of every array below.
    label = join_runs(row, start, stop, inside.shape[1])
    order = np.argsort(label, kind='stable')
    blobs = np.flatnonzero(np.diff(label[order], prepend=-1))

    length = stop - start
    pixels = np.cumsum(length) - length

    def total(values):
        per_run = np.add.reduceat(values[inside], pixels, dtype=np.int64)
        return np.add.reduceat(per_run[order], blobs)

    area = np.add.reduceat(length[order], blobs)
    x = np.minimum.reduceat(start[order], blobs)
    y = np.minimum.reduceat(row[order], blobs)
    width = np.maximum.reduceat(stop[order], blobs) - x
    height = np.maximum.reduceat(row[order], blobs) + 1 - y

    score = (total(brightness) - background * area) / ((255 - background) * width * height)
    kind = classify([total(channel) for channel in channels[:3]])

    good = (score >= conf_threshold) & (area >= MIN_AREA)
    boxes = np.stack([x, y, width, height, score, kind], axis=1)[good].astype(np.float32)
    # Best first; equal scores in reading order.
    boxes = boxes[np.lexsort((boxes[:, 0], boxes[:, 1], -boxes[:, 4]))]
    return suppress(boxes, nms_threshold), cut


def to_channels(img):
    """The picture as a list of H x W uint8 planes."""
    if img.ndim == 2:
        img = img[:, :, np.newaxis]
    if img.ndim != 3 or img.shape[2] not in (1, 3, 4):
        raise ValueError(f'expected a picture of H x W or H x W x 3, got shape {img.shape}')
    img = to_uint8(np.ascontiguousarray(img))
    return [img[:, :, k] for k in range(img.shape[2])]


def to_uint8(img):
    """Scale to 0..255. White is 1 (floats only), 255 or 65535: the first that no pixel exceeds."""
    if img.dtype == np.uint8:
        return img
    if img.dtype == np.bool_:
        return img.astype(np.uint8) * np.uint8(255)
    if img.dtype.kind not in 'iuf':
        raise TypeError(f'expected a picture of real numbers, got {img.dtype}')
    values = img.astype(np.float64)
    values[~np.isfinite(values)] = 0
    peak = values.max(initial=0)
    whites = (1, 255, 65535) if img.dtype.kind == 'f' else (255, 65535)
    white = next((w for w in whites if peak <= w), peak)
    return np.rint(np.maximum(values, 0) * 255 / white).astype(np.uint8)


def find_levels(brightness):
    """Background = the lower quartile; the cut lies 2/5 of the way from there to the peak."""
    histogram = np.bincount(brightness.ravel(), minlength=256)
    background = int(np.argmax(4 * np.cumsum(histogram) >= brightness.size))
    peak = int(np.flatnonzero(histogram)[-1])
    return background, min(255, background + max(MIN_CONTRAST, (peak - background) * 2 // 5))


def find_runs(inside):
    """Horizontal runs of True in reading order: row, first column, column after the last."""
    height, width = inside.shape
    pitch = width + 1
    padded = np.zeros(height * pitch + 1, np.bool_)
    padded[1:].reshape(height, pitch)[:, :width] = inside
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    row, start = np.divmod(edges[::2], pitch)
    return row, start, edges[1::2] - row * pitch


def join_runs(row, start, stop, width):
    """For each run the first run of its blob; runs that meet at a corner are joined too."""
    pitch = width + 1       # a column of nothing: the last pixel of a row does not meet the next row
    start = row * pitch + start
    stop = row * pitch + stop
    low = np.searchsorted(stop, start - pitch, side='left')
    high = np.searchsorted(start, stop - pitch, side='right')

    # One pair for each run above that a run touches.
    count = high - low
    below = np.repeat(np.arange(row.size), count)
    above = np.arange(below.size) - np.repeat(np.cumsum(count) - count - low, count)

    # Union-find on whole arrays: hook the later root to the earlier, flatten, look again.
    root = np.arange(row.size)
    while below.size:
        root[below] = above
        flat = root[root]
        while not np.array_equal(flat, root):
            root, flat = flat, flat[flat]
        a, b = root[above], root[below]
        apart = a != b
        above = np.minimum(a, b)[apart]
        below = np.maximum(a, b)[apart]
    return root


def classify(totals):
    if len(totals) < 3:
        return np.full(totals[0].shape, NO_DOMINANT_CHANNEL)
    totals = np.stack(totals)
    grey = 8 * totals.min(axis=0) >= 7 * totals.max(axis=0)
    return np.where(grey, NO_DOMINANT_CHANNEL, np.argmax(totals, axis=0))


def suppress(boxes, nms_threshold):
    """Non-maximum suppression: drop what overlaps a better box with IoU > nms_threshold."""
    left, top, width, height = boxes[:, :4].astype(np.float64).T
    right, bottom, area = left + width, top + height, width * height
    waiting = np.arange(len(boxes))
    keep = []
    while waiting.size:
        best, rest = waiting[0], waiting[1:]
        keep.append(best)
        w = np.minimum(right[best], right[rest]) - np.maximum(left[best], left[rest])
        h = np.minimum(bottom[best], bottom[rest]) - np.maximum(top[best], top[rest])
        shared = np.maximum(w, 0) * np.maximum(h, 0)
        waiting = rest[shared <= nms_threshold * (area[best] + area[rest] - shared)]
    return boxes[keep]


if __name__ == '__main__':
    server_address = (os.environ.get('HOST', 'localhost'), int(os.environ.get('PORT', '6000')))

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(server_address)
        sock.listen(1)

        while True:
            print('waiting for a connection')
            connection, client_address = sock.accept()

            b_msg_len = connection.recv(HEADER_SIZE)
            msg_len = int(b_msg_len.decode('utf-8'))

            full_data = BytesIO()
            while full_data.getbuffer().nbytes < msg_len:
                data = connection.recv(4096)
                full_data.write(data)
            full_data.seek(0)
            print('picture received')

            img = np.load(full_data, allow_pickle=True)
            bboxes = detect(img, 0.3, 0.4)[0]

            print(f'sending {len(bboxes)} boxes')
            bbox_bytes = BytesIO()
            np.save(bbox_bytes, bboxes)
            bbox_bytes.seek(0)
            connection.sendall(bbox_bytes.read())
