"""Among boxes that overlap the model keeps only the best one."""
import unittest

import numpy as np

from scenes import boxes_of, places
from ml_model import suppress


class Suppression(unittest.TestCase):
    def test_better_box_wins(self):
        boxes = np.array([[0, 0, 10, 10, 0.9, 0],
                          [0, 2, 10, 10, 0.8, 0],      # IoU 2/3 with the first
                          [0, 8, 10, 10, 0.7, 0],      # IoU 1/9 with the first
                          [50, 50, 4, 4, 0.6, 0]], np.float32)
        self.assertEqual(suppress(boxes, 0.4)[:, 4].tolist(), boxes[[0, 2, 3], 4].tolist())
        self.assertEqual(len(suppress(boxes, 0.7)), 4)
        self.assertEqual(len(suppress(boxes, 0.1)), 2)

    def test_threshold_itself_is_kept(self):
        boxes = np.array([[0, 0, 4, 4, 0.9, 0], [0, 0, 4, 2, 0.8, 0]], np.float32)
        self.assertEqual(len(suppress(boxes, 0.5)), 2)
        self.assertEqual(len(suppress(boxes, 0.49)), 1)

    def test_blob_inside_a_frame(self):
        img = np.zeros((100, 100), np.uint8)
        img[10:60, 10:60] = 255
        img[14:56, 14:56] = 0
        img[16:54, 16:54] = 255
        self.assertEqual(len(boxes_of(img, 0.1, 0.9)), 2)
        self.assertEqual(places(boxes_of(img, 0.1, 0.4)), [(16, 16, 38, 38)])
