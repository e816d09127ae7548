"""A whole process: a draw from a light Schroedinger bridge's plan for each point of a cloud by numpy, from files to a file; one thread.

It prints the mean square of the coordinates drawn.

    python3 cold_transport.py BRIDGE.npz X.npy MOVED.npy
"""
import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

SEED = 42
bridge = np.load(sys.argv[1])
x = np.load(sys.argv[2]) - bridge["source_mean"].astype(np.float32)
epsilon = float(bridge["epsilon"])
r, S = (bridge[name].astype(np.float32) for name in ("r", "S"))
logits = ((x * x) @ S.T + 2 * (x @ r.T)) / (2 * epsilon) + bridge["log_alpha"]
random = np.random.default_rng(SEED)
# the largest of the logits plus Gumbel noise is a draw of the component
component = np.argmax(logits + random.gumbel(size=logits.shape), axis=1)
s = S[component]
y = r[component] + s * x + np.sqrt(np.float32(epsilon) * s) * random.standard_normal(x.shape, dtype=np.float32)
y += bridge["target_mean"].astype(np.float32)
np.save(sys.argv[3], y)
print(f'{{"value": {float(np.mean(np.square(y, dtype=np.float64)))!r}, "numpy": "{np.__version__}"}}')
