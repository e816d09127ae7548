"""A whole process: squared W2 of two samples on the line by numpy, from two .npy files to a line of JSON; one thread.

    python3 cold_wasserstein.py X.npy Y.npy
"""
import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

x, y = (np.sort(np.load(path)) for path in sys.argv[1:3])
value = np.mean((x - y) ** 2, dtype=np.float64)
print(f'{{"value": {float(value)!r}, "numpy": "{np.__version__}"}}')
