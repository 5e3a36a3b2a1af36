"""The boxes that the model finds are exact, and it finds none in noise."""
import unittest

import numpy as np

from scenes import boxes_of, dark_scene, detect, draw_disc, places


class Boxes(unittest.TestCase):
    def test_rectangle_is_exact(self):
        img = dark_scene()
        img[30:80, 100:220] = (150, 0, 0)
        boxes = boxes_of(img)
        self.assertEqual((boxes.dtype, boxes.shape), (np.float32, (1, 6)))
        self.assertEqual(places(boxes), [(100, 30, 120, 50)])

    def test_disc_is_exact(self):
        img = dark_scene()
        draw_disc(img, x=160, y=120, radius=40, colour=(0, 0, 150))
        self.assertEqual(places(boxes_of(img)), [(120, 80, 81, 81)])

    def test_many_random_scenes(self):
        for seed in range(40):
            rng = np.random.RandomState(seed)
            img = dark_scene(seed=seed)
            expected = []
            # Each cell of a grid of 80 pixels has one shape, so that no two shapes touch.
            for cell_y in range(3):
                for cell_x in range(4):
                    left, top = 80 * cell_x, 80 * cell_y
                    colour = rng.randint(0, 150, 3)
                    colour[rng.randint(3)] = rng.randint(150, 256)
                    if rng.rand() < 0.5:
                        radius = rng.randint(4, 39)
                        x, y = left + rng.randint(radius, 79 - radius), top + rng.randint(radius, 79 - radius)
                        draw_disc(img, x, y, radius, colour)
                        expected.append((x - radius, y - radius, 2 * radius + 1, 2 * radius + 1))
                    else:
                        w, h = rng.randint(4, 79, 2)
                        x, y = left + rng.randint(79 - w), top + rng.randint(79 - h)
                        img[y:y + h, x:x + w] = colour
                        expected.append((x, y, w, h))
            with self.subTest(seed=seed):
                self.assertEqual(places(boxes_of(img)), sorted(expected))

    def test_shapes_on_the_border_do_not_wrap_around(self):
        img = dark_scene()
        img[100:120, :20] = 255
        img[99:119, 300:] = 255
        img[:10, 150:170] = 255
        img[230:, 150:170] = 255
        self.assertEqual(places(boxes_of(img)), sorted(
            [(0, 100, 20, 20), (300, 99, 20, 20), (150, 0, 20, 10), (150, 230, 20, 10)]))

    def test_blobs_that_meet_at_a_corner_are_one(self):
        img = np.zeros((60, 60), np.uint8)
        img[10:20, 10:20] = img[20:30, 20:30] = 255
        self.assertEqual(places(boxes_of(img)), [(10, 10, 20, 20)])
        img[19, 19] = 0
        self.assertEqual(places(boxes_of(img)), [(10, 10, 10, 10), (20, 20, 10, 10)])

    def test_winding_blobs_are_joined_as_a_flood_fill_would(self):
        for seed in range(30):
            rng = np.random.RandomState(seed)
            img = (rng.rand(40, 50) < rng.uniform(0.05, 0.5)).astype(np.uint8) * 255
            with self.subTest(seed=seed):
                # A score threshold of 0 keeps every blob except specks; an NMS threshold above 1 switches NMS off.
                self.assertEqual(places(boxes_of(img, 0, 1.1)), sorted(flood_fill(img > 0)))

    def test_class_is_the_dominant_channel(self):
        for colour, kind in [((200, 30, 30), 0), ((30, 200, 30), 1), ((30, 30, 200), 2),
                             ((220, 220, 220), 3), ((250, 240, 235), 3), ((250, 250, 0), 0)]:
            img = dark_scene()
            img[50:90, 50:90] = colour
            with self.subTest(colour=colour):
                self.assertEqual(boxes_of(img)[0, 5], kind)

    def test_score_is_contrast_times_fill(self):
        img = np.zeros((100, 100, 3), np.uint8)
        img[10:30, 10:30] = 255
        img[60:80, 60:80] = (204, 0, 0)
        boxes = boxes_of(img)
        self.assertEqual(boxes[:, 4].tolist(), [1.0, float(np.float32(0.8))])
        img[60:70, 60:70] = 0
        self.assertEqual(boxes_of(img)[1, 4], np.float32(0.6))
        self.assertEqual(len(boxes_of(img, 0.7)), 1)

    def test_equal_scores_come_in_reading_order(self):
        img = np.zeros((100, 100), np.uint8)
        for y, x in [(70, 10), (10, 60), (10, 20), (40, 5)]:
            img[y:y + 10, x:x + 10] = 200
        self.assertEqual([tuple(b[:2]) for b in boxes_of(img)], [(20, 10), (60, 10), (5, 40), (10, 70)])

    def test_specks_are_dropped(self):
        img = np.zeros((100, 100), np.uint8)
        img[10:13, 10:15] = 255
        img[50:54, 50:54] = 255
        self.assertEqual(places(boxes_of(img)), [(50, 50, 4, 4)])


class NothingToFind(unittest.TestCase):
    def assertNone(self, img):
        boxes = boxes_of(img)
        self.assertEqual((boxes.dtype, boxes.shape), (np.float32, (0, 6)))

    def test_noise(self):
        self.assertNone(dark_scene(480, 640))

    def test_even_pictures(self):
        for level in (0, 1, 128, 254, 255):
            self.assertNone(np.full((48, 64, 3), level, np.uint8))

    def test_picture_without_pixels(self):
        self.assertNone(np.zeros((0, 64, 3), np.uint8))
        self.assertNone(np.zeros((48, 0), np.float32))

    def test_smallest_pictures(self):
        self.assertNone(np.zeros((1, 1), np.uint8))
        self.assertNone(np.full((3, 1, 3), 255, np.uint8))

    def test_not_a_number(self):
        self.assertNone(np.full((48, 64), np.nan))

    def test_not_a_picture(self):
        for img in (np.zeros(5), np.zeros((4, 4, 2)), np.zeros((1, 4, 4, 3)), np.array(1.0)):
            self.assertRaises(ValueError, detect, img, 0.3, 0.4)
        for dtype in (complex, object, 'U1'):
            self.assertRaises(TypeError, detect, np.zeros((4, 4), dtype), 0.3, 0.4)


def flood_fill(inside, min_area=16):
    """Returns the boxes of the blobs of `inside`. It visits one pixel at a time, as a reference for the faster code of the model."""
    inside = inside.copy()
    height, width = inside.shape
    boxes = []
    for y, x in np.argwhere(inside):
        if not inside[y, x]:
            continue
        inside[y, x] = False
        blob = [(y, x)]
        for v, u in blob:
            for b in range(max(0, v - 1), min(height, v + 2)):
                for a in range(max(0, u - 1), min(width, u + 2)):
                    if inside[b, a]:
                        inside[b, a] = False
                        blob.append((b, a))
        if len(blob) >= min_area:
            ys, xs = zip(*blob)
            boxes.append((min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1))
    return boxes
