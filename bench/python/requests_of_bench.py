"""The other end of child.ts in a Python host: one JSON request a line on stdin, one JSON answer a line on stdout."""
import json
import sys
import time


def answer_requests(send):
    """{"frames": 100, "clock": "wall"} -> {"seconds": 1.23}, the time that send(100) took."""
    for line in sys.stdin:
        request = json.loads(line)
        now = {'wall': time.perf_counter, 'cpu': time.process_time}[request['clock']]
        start = now()
        send(request['frames'])
        print(json.dumps({'seconds': now() - start}), flush=True)
