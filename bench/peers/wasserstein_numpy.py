"""Squared W2 of two float32 samples of a million by sort and mean, and sliced by numpy and, where it is installed, POT; one thread."""
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np


def best(repeats, work):
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return 1e3 * min(seconds)


random = np.random.default_rng(1)
x, y = (random.standard_normal(1_000_000, dtype=np.float32) for _ in range(2))
print(f"numpy {np.__version__}, line: {best(10, lambda: np.mean((np.sort(x) - np.sort(y)) ** 2)):.1f} ms")

a, b = (random.standard_normal((10_000, 50), dtype=np.float32) for _ in range(2))
theta = random.standard_normal((50, 100), dtype=np.float32)
theta /= np.linalg.norm(theta, axis=0)
print(f"numpy, sliced: {best(5, lambda: np.mean((np.sort(a @ theta, axis=0) - np.sort(b @ theta, axis=0)) ** 2)):.1f} ms")
try:
    import ot
    print(f"POT {ot.__version__}, sliced: {best(3, lambda: ot.sliced_wasserstein_distance(a, b, projections=theta)):.1f} ms")
except ImportError:
    print("POT is not installed")
