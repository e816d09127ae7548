"""Exact transport by POT's network simplex, ot.emd2, with the matrix of costs that it takes; one thread.

With --serve FOLDER it reads N-D-x.npy and N-D-y.npy there, float32, as they are asked for, and answers each line of JSON,
{"points": N, "dimension": D, "p": 1 or 2}, by a line with the mean seconds of a call, costs included, and W_p^p. {"work": "about"} names
the versions.
"""
import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
import ot

LEAST_SECONDS = 0.25


def power(x, y, p):
    costs = ot.dist(x, y, metric="sqeuclidean" if p == 2 else "euclidean")
    return ot.emd2([], [], costs, numItermax=10**7)


def serve(folder):
    for request in sys.stdin:
        try:
            request = json.loads(request)
            if request.get("work") == "about":
                answer = {"numpy": np.__version__, "pot": ot.__version__}
            else:
                name = os.path.join(folder, f"{request['points']}-{request['dimension']}-")
                x, y = (np.load(name + side + ".npy").astype(np.float64) for side in "xy")
                calls = 0
                start = time.perf_counter()
                while True:
                    value = power(x, y, request["p"])
                    calls += 1
                    seconds = time.perf_counter() - start
                    if seconds >= LEAST_SECONDS:
                        break
                answer = {"seconds": seconds / calls, "value": float(value)}
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "--serve":
        sys.exit("usage: exact_pot.py --serve FOLDER")
    serve(sys.argv[2])
