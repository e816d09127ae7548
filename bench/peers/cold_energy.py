"""A whole process: half the energy distance of two clouds by scipy's cdist, from two .npy files to a line of JSON; one thread.

    python3 cold_energy.py X.npy Y.npy
"""
import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import scipy
from scipy.spatial.distance import cdist

x, y = (np.load(path) for path in sys.argv[1:3])
value = cdist(x, y).mean() - cdist(x, x).mean() / 2 - cdist(y, y).mean() / 2
print(f'{{"value": {float(value)!r}, "scipy": "{scipy.__version__}", "numpy": "{np.__version__}"}}')
