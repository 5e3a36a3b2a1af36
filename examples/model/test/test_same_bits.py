"""The same pixels give the same boxes, bit for bit, whatever their dtype and memory order and whichever NumPy computes."""
import hashlib
import unittest

import numpy as np

from scenes import boxes_of, places
from ml_model import to_uint8
from webcam_stream import Webcam

# The recorded boxes of twenty frames. NumPy 1.24 and 2.x compute the same ones.
KNOWN_BITS = '6803401491122027e24c2ad5de19bf587db445da5d5d820a2b88007e3a4abd5b'


class SamePixelsSameBits(unittest.TestCase):
    def assertSameBits(self, a, b):
        self.assertEqual((a.dtype, a.shape, a.tobytes()), (b.dtype, b.shape, b.tobytes()))

    def setUp(self):
        self.img = Webcam(320, 240).frame(3)
        self.boxes = boxes_of(self.img)
        self.assertEqual(len(self.boxes), 3)

    def test_known_bits(self):
        webcam = Webcam(160, 120)
        boxes = np.concatenate([boxes_of(webcam.frame(k)) for k in range(20)])
        self.assertEqual(hashlib.sha256(boxes.astype('<f4').tobytes()).hexdigest(), KNOWN_BITS)

    def test_again(self):
        before = self.img.copy()
        self.assertSameBits(boxes_of(self.img), self.boxes)
        self.assertTrue(np.array_equal(self.img, before))

    def test_read_only(self):
        self.img.setflags(write=False)
        self.assertSameBits(boxes_of(self.img), self.boxes)

    def test_memory_order(self):
        self.assertSameBits(boxes_of(np.asfortranarray(self.img)), self.boxes)
        wide = np.zeros((480, 640, 6), np.uint8)
        wide[::2, ::-2, ::2] = self.img
        self.assertSameBits(boxes_of(wide[::2, ::-2, ::2]), self.boxes)

    def test_dtypes(self):
        for dtype in ('<i2', '>i2', '<u2', '>u4', '<i8', '>i8', '<f2', '<f4', '>f4', '<f8', '>f8', 'g'):
            with self.subTest(dtype=dtype):
                self.assertSameBits(boxes_of(self.img.astype(dtype)), self.boxes)

    def test_other_whites(self):
        self.img[0, 0] = 255    # the scale is taken from the largest value
        boxes = boxes_of(self.img)
        for dtype in ('<f4', '>f4', '<f8'):
            self.assertSameBits(boxes_of((self.img / 255).astype(dtype)), boxes)
        for dtype in ('<u2', '>u2', '<f4'):
            self.assertSameBits(boxes_of(self.img.astype(dtype) * np.array(257, dtype)), boxes)

    def test_every_level_survives_scaling(self):
        levels = np.arange(256)
        for scaled in [(levels / 255).astype(dtype) for dtype in ('<f2', '>f4', '<f8')] + [levels, levels * 257]:
            self.assertEqual(to_uint8(scaled).tolist(), levels.tolist())

    def test_alpha_is_not_looked_at(self):
        alpha = np.full(self.img.shape[:2] + (1,), 255, np.uint8)
        self.assertSameBits(boxes_of(np.concatenate([self.img, alpha], axis=2)), self.boxes)

    def test_grey(self):
        grey = self.img.max(axis=2)
        boxes = boxes_of(grey)
        self.assertEqual(places(boxes), places(self.boxes))
        self.assertSameBits(boxes[:, :5].copy(), self.boxes[:, :5].copy())
        self.assertEqual(set(boxes[:, 5]), {3.0})
        self.assertSameBits(boxes_of(grey[:, :, np.newaxis]), boxes)
        self.assertSameBits(boxes_of(np.stack([grey] * 3, axis=2)), boxes)

    def test_mask(self):
        mask = np.zeros((50, 50), np.bool_)
        mask[10:20, 20:40] = True
        self.assertEqual(boxes_of(mask).tolist(), [[20, 10, 20, 10, 1, 3]])
