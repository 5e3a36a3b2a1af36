"""Pictures for the tests, and the boxes that the model finds in them."""
import os
import sys

import numpy as np

MODEL_FOLDER = os.path.abspath(os.path.join(os.path.dirname(__file__), '..'))
sys.path.insert(0, MODEL_FOLDER)
from ml_model import detect


def dark_scene(height=240, width=320, seed=0):
    return np.random.RandomState(seed).randint(0, 41, (height, width, 3)).astype(np.uint8)


def draw_disc(img, x, y, radius, colour):
    rows, columns = np.ogrid[:img.shape[0], :img.shape[1]]
    img[(rows - y) ** 2 + (columns - x) ** 2 <= radius ** 2] = colour


def places(boxes):
    return sorted(tuple(int(v) for v in box[:4]) for box in boxes)


def boxes_of(img, conf_threshold=0.3, nms_threshold=0.4):
    return detect(img, conf_threshold, nms_threshold)[0]
