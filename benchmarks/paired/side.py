"""The peer's half of the protocol of paired.py."""
import json
import sys
import time


def serve(ready, work, write):
    """work(): once, its answer kept; write(answer, path)."""
    print(json.dumps(ready), flush=True)
    answer = None
    for line in sys.stdin:
        if line.startswith("write "):
            write(answer, line[len("write "):].strip())
            print("{}", flush=True)
            continue
        cpu = time.process_time()
        start = time.perf_counter()
        answer = work()
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "cpu_seconds": time.process_time() - cpu}),
              flush=True)
