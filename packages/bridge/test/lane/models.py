"""Runs a server as people write them, without NumPy: `models.py NAME PORT`.

Each server takes ten digits and a body, unless its name says otherwise, and answers with the body reversed. It cannot take
a body `die`.
"""
import sys

from servers import declined_in_request, declined_listening, served

if __name__ == '__main__':
    _, name, port = sys.argv
    serve = next(getattr(each, name) for each in (served, declined_listening, declined_in_request) if hasattr(each, name))
    serve(int(port))
