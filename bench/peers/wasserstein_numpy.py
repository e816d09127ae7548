"""Squared W2 of two float32 samples by sort and mean, sliced by numpy and, where it is installed, POT, and numpy's sort; one thread.

Without options it draws its own data and prints a table. With --serve FOLDER it reads x.npy, y.npy (samples), a.npy, b.npy (clouds) and
directions.npy there, and answers each line of JSON, {"work": NAME, "count": N}, by a line with the mean seconds of a call and its value.
"""
import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np

try:
    import ot
except ImportError:
    ot = None

LEAST_SECONDS = 0.05


def best(repeats, work):
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return 1e3 * min(seconds)


def mean_seconds(work):
    calls = 0
    start = time.perf_counter()
    while True:
        value = work()
        calls += 1
        seconds = time.perf_counter() - start
        if seconds >= LEAST_SECONDS:
            return seconds / calls, value


def line(x, y):
    return np.mean((np.sort(x) - np.sort(y)) ** 2)


def sliced(a, b, theta):
    return np.mean((np.sort(a @ theta, axis=0) - np.sort(b @ theta, axis=0)) ** 2)


def sliced_rows(a, b, theta):
    """The same with each projection in one piece of memory, which newer numpys sort faster."""
    return np.mean((np.sort(theta.T @ a.T, axis=1) - np.sort(theta.T @ b.T, axis=1)) ** 2)


def sliced_pot(a, b, theta):
    # it divides by the number that it would have drawn
    return ot.sliced_wasserstein_distance(a, b, projections=theta, n_projections=theta.shape[1]) ** 2


def serve(folder):
    x, y, a, b, directions = (np.load(os.path.join(folder, name + ".npy")) for name in ("x", "y", "a", "b", "directions"))
    theta = np.ascontiguousarray(directions.T)
    works = {
        "line": lambda count: line(x, y),
        "sliced": lambda count: sliced(a, b, theta),
        "sliced-rows": lambda count: sliced_rows(a, b, theta),
        "sliced-pot": lambda count: sliced_pot(a, b, theta),
        "sort": lambda count: np.sort(x[:count])[0],
    }
    for request in sys.stdin:
        try:
            request = json.loads(request)
            if request["work"] == "about":
                answer = {"numpy": np.__version__, "pot": ot.__version__ if ot else ""}
            else:
                seconds, value = mean_seconds(lambda: works[request["work"]](int(request["count"])))
                answer = {"seconds": seconds, "value": float(value)}
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


def table():
    random = np.random.default_rng(1)
    x, y = (random.standard_normal(1_000_000, dtype=np.float32) for _ in range(2))
    print(f"numpy {np.__version__}, line: {best(10, lambda: line(x, y)):.1f} ms")
    a, b = (random.standard_normal((10_000, 50), dtype=np.float32) for _ in range(2))
    theta = random.standard_normal((50, 100), dtype=np.float32)
    theta /= np.linalg.norm(theta, axis=0)
    print(f"numpy, sliced: {best(5, lambda: sliced(a, b, theta)):.1f} ms, by rows {best(5, lambda: sliced_rows(a, b, theta)):.1f} ms")
    if ot:
        print(f"POT {ot.__version__}, sliced: {best(3, lambda: sliced_pot(a, b, theta)):.1f} ms")
    else:
        print("POT is not installed")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--serve":
        serve(sys.argv[2])
    else:
        table()
