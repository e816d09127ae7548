"""A whole process: squared sliced W2 of two clouds along given directions, from .npy files to a line of JSON; one thread.

By numpy, each projection in one piece of memory, which it sorts fastest; or by POT's sliced_wasserstein_distance.

    python3 cold_sliced.py numpy|pot X.npy Y.npy DIRECTIONS.npy
"""
import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

x, y, theta = (np.load(path) for path in sys.argv[2:5])
versions = f'"numpy": "{np.__version__}"'
if sys.argv[1] == "pot":
    import ot

    # it divides by the number that it would have drawn
    value = ot.sliced_wasserstein_distance(x, y, projections=np.ascontiguousarray(theta.T), n_projections=len(theta)) ** 2
    versions = f'"pot": "{ot.__version__}", ' + versions
else:
    value = np.mean((np.sort(theta @ x.T, axis=1) - np.sort(theta @ y.T, axis=1)) ** 2, dtype=np.float64)
print(f'{{"value": {float(value)!r}, {versions}}}')
