"""The model as a server: its protocol, and that a connection without a message ends it."""
import json
import os
import socket
import subprocess
import sys
import unittest

from scenes import MODEL_FOLDER, boxes_of, dark_scene
from webcam_stream import Webcam, recv_npy, send_img_to_ml_model


class Server(unittest.TestCase):
    def setUp(self):
        with socket.socket() as sock:
            sock.bind(('localhost', 0))
            self.port = sock.getsockname()[1]
        env = dict(os.environ, HOST='localhost', PORT=str(self.port), PYTHONUNBUFFERED='1')
        self.server = subprocess.Popen([sys.executable, 'ml_model.py'], cwd=MODEL_FOLDER, env=env, text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.stop)
        # A connection to find out whether it listens would end the server, so the test waits for its output.
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
                             cwd=MODEL_FOLDER, check=True, text=True, stdout=subprocess.PIPE).stdout
        lines = out.splitlines()
        self.assertEqual([line for line in lines if line.startswith('frame')],
                         [f'frame {k}: 3 boxes' for k in range(5)])
        report = json.loads(lines[-1])
        self.assertEqual((report['frames'], len(report['checksum'])), (5, 64))

    def test_one_bare_connect_ends_it(self):
        socket.create_connection(('localhost', self.port)).close()
        self.assertEqual(self.server.wait(10), 1)
        self.assertIn('ValueError', self.server.stderr.read())
