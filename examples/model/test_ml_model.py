import hashlib
import json
import os
import socket
import subprocess
import sys
import time
import unittest

import numpy as np

from ml_model import detect, suppress, to_uint8
from webcam_stream import Webcam, recv_npy, send_img_to_ml_model

HERE = os.path.dirname(os.path.abspath(__file__))


def dark_scene(height=240, width=320, seed=0):
    return np.random.RandomState(seed).randint(0, 41, (height, width, 3)).astype(np.uint8)


def draw_disc(img, x, y, radius, colour):
    rows, columns = np.ogrid[:img.shape[0], :img.shape[1]]
    img[(rows - y) ** 2 + (columns - x) ** 2 <= radius ** 2] = colour


def places(boxes):
    return sorted(tuple(int(v) for v in box[:4]) for box in boxes)


def boxes_of(img, conf_threshold=0.3, nms_threshold=0.4):
    return detect(img, conf_threshold, nms_threshold)[0]


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
            # One shape in each cell of a grid of 80 pixels: they cannot touch.
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
                # A threshold of 0 keeps every blob but the specks; one above 1 switches NMS off.
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


class SamePixelsSameBits(unittest.TestCase):
    def assertSameBits(self, a, b):
        self.assertEqual((a.dtype, a.shape, a.tobytes()), (b.dtype, b.shape, b.tobytes()))

    def setUp(self):
        self.img = Webcam(320, 240).frame(3)
        self.boxes = boxes_of(self.img)
        self.assertEqual(len(self.boxes), 3)

    def test_known_bits(self):
        """Written down once; NumPy 1.24 and 2.x must agree on them."""
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


class Speed(unittest.TestCase):
    def test_print(self):
        scenes = {'shapes': Webcam(640, 480).frame(0), 'dark noise': dark_scene(480, 640),
                  'full noise': np.random.RandomState(0).randint(0, 256, (480, 640, 3)).astype(np.uint8)}
        for name, img in scenes.items():
            times = []
            for _ in range(7):
                begin = time.perf_counter()
                boxes_of(img)
                times.append(time.perf_counter() - begin)
            print(f'640x480x3 {name}: {1000 * sorted(times)[3]:.1f} ms', file=sys.stderr)


class Server(unittest.TestCase):
    def setUp(self):
        with socket.socket() as sock:
            sock.bind(('localhost', 0))
            self.port = sock.getsockname()[1]
        env = dict(os.environ, HOST='localhost', PORT=str(self.port), PYTHONUNBUFFERED='1')
        self.server = subprocess.Popen([sys.executable, 'ml_model.py'], cwd=HERE, env=env, text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.stop)
        # A connect to see whether it listens would end it: wait for its own word.
        self.assertEqual(self.server.stdout.readline(), 'waiting for a connection\n')

    def stop(self):
        self.server.kill()
        self.server.wait()
        self.server.stdout.close()
        self.server.stderr.close()

    def ask(self, img):
        return send_img_to_ml_model(img, ('localhost', self.port), recv_npy, 10)

    def test_two_frames_in_a_row(self):
        webcam = Webcam(640, 480)
        for k in range(2):
            boxes = self.ask(webcam.frame(k))
            self.assertEqual(boxes.tobytes(), boxes_of(webcam.frame(k)).tobytes())
            self.assertEqual(len(boxes), 3)
        self.assertEqual(self.ask(dark_scene()).shape, (0, 6))

    def test_webcam_stream(self):
        out = subprocess.run([sys.executable, 'webcam_stream.py', '--host', 'localhost', '--port', str(self.port),
                              '--frames', '5', '--width', '160', '--height', '120', '--reply', 'npy'],
                             cwd=HERE, check=True, text=True, stdout=subprocess.PIPE).stdout
        lines = out.splitlines()
        self.assertEqual([line for line in lines if line.startswith('frame')],
                         [f'frame {k}: 3 boxes' for k in range(5)])
        report = json.loads(lines[-1])
        self.assertEqual((report['frames'], len(report['checksum'])), (5, 64))

    def test_one_bare_connect_ends_it(self):
        socket.create_connection(('localhost', self.port)).close()
        self.assertEqual(self.server.wait(10), 1)
        self.assertIn('ValueError', self.server.stderr.read())


def flood_fill(inside, min_area=16):
    """Boxes of the blobs of `inside`, one pixel at a time."""
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


KNOWN_BITS = '6803401491122027e24c2ad5de19bf587db445da5d5d820a2b88007e3a4abd5b'


if __name__ == '__main__':
    unittest.main()
