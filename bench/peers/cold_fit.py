"""A whole process: the fit of lightsb_numpy.py, from two .npy files to a model and a line of JSON; one thread, float32.

    python3 cold_fit.py X.npy Y.npy STEPS MODEL.npz
"""
import argparse
import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

import lightsb_common as common
import lightsb_numpy

SEED = 42
options = argparse.Namespace(components=10, batch=128, learning_rate=0.01, epsilon=0.1, initial_scale=0.1, float64=False)
source, target = (common.load(path) for path in sys.argv[1:3])
log_alpha, r, S, _, _ = lightsb_numpy.fit(source, target, options, int(sys.argv[3]), SEED)
np.savez(sys.argv[4], log_alpha=log_alpha, r=r, S=S, epsilon=np.float64(options.epsilon))
value = common.objective(source, target, log_alpha, r, S, options.epsilon)
print(f'{{"value": {value!r}, "numpy": "{np.__version__}"}}')
