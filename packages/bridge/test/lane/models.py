"""Runs one of the servers in servers/, which need no NumPy: `models.py NAME PORT`.

Each server reads ten digits and a body, unless its name says otherwise, and answers with the body reversed. It dies of the
body `die`.
"""
import sys

from servers import declined_in_request, declined_listening, served

if __name__ == '__main__':
    _, name, port = sys.argv
    {**vars(served), **vars(declined_listening), **vars(declined_in_request)}[name](int(port))
