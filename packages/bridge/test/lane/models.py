"""Runs a server as people write them, without NumPy: `models.py NAME PORT`.

Each server takes ten digits and a body, unless its name says otherwise, and answers with the body reversed. It cannot take
a body `die`.
"""
import sys

from servers import declined_in_request, declined_listening, served

if __name__ == '__main__':
    _, name, port = sys.argv
    {**vars(served), **vars(declined_listening), **vars(declined_in_request)}[name](int(port))
