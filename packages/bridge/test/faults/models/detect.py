"""The function that the servers of this folder compute. A picture itself tells them what to do with it:

    [id, milliseconds, elements, then anything]     any shape, any real dtype; a missing element counts as 0

The reply is [id, number of elements, sum of the elements from the fourth on], or, if `elements` is not 0, that many numbers from id up.
So a caller can check that a reply belongs to its picture, and that no byte of either message was lost. A server that was started with
`plus-one` answers with the picture plus one instead, as the servers of ../../peers do."""
import sys
import time

import numpy as np


def detect(img, conf_threshold, nms_threshold):
    if img.dtype.kind not in 'iuf':
        raise TypeError(f'expected real numbers, got {img.dtype}')
    if sys.argv[1:] == ['plus-one']:
        return [img + img.dtype.type(1)]
    flat = img.reshape(-1)
    call, compute_ms, elements = (float(flat[i]) if i < flat.size else 0 for i in range(3))
    if compute_ms:
        time.sleep(compute_ms / 1000)
    if elements:
        return [call + np.arange(int(elements), dtype=np.float64)]
    return [np.array([call, flat.size, flat[3:].sum(dtype=np.float64)])]
