"""A whole process: the debiased Sinkhorn divergence of two clouds and its gradient by POT, from two .npy files to a line of JSON; one thread.

The cost is |x - y|^2 / 2, epsilon the blur squared. Three problems are solved, between the clouds and of each against itself, by
ot.bregman.sinkhorn_log, or by ot.sinkhorn on the kernel's matrix (POT's fastest, as long as exp(-cost / epsilon) is a positive float64).
The value is the dual's, as in ot.bregman.empirical_sinkhorn_divergence but with the entropy, which that leaves out.

    python3 cold_sinkhorn.py log|kernel X.npy Y.npy BLUR GRADIENT.npy
"""
import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import ot

# The L1 error of a marginal at which the value has three digits.
TOLERANCE = 1e-3


def solve(x, y, epsilon, solver):
    a, b = np.full(len(x), 1 / len(x)), np.full(len(y), 1 / len(y))
    costs = ot.dist(x, y) / 2
    if solver == "log":
        plan, log = ot.bregman.sinkhorn_log(a, b, costs, epsilon, numItermax=10_000, stopThr=TOLERANCE, log=True)
        u, v = log["log_u"], log["log_v"]
    else:
        plan, log = ot.sinkhorn(a, b, costs, epsilon, numItermax=10_000, stopThr=TOLERANCE, log=True)
        u, v = np.log(log["u"]), np.log(log["v"])
    return epsilon * (a @ (u - np.log(a)) + b @ (v - np.log(b))), plan


x, y = (np.load(path).astype(np.float64) for path in sys.argv[2:4])
epsilon = float(sys.argv[4]) ** 2
between, plan = solve(x, y, epsilon, sys.argv[1])
first, own = solve(x, x, epsilon, sys.argv[1])
second, _ = solve(y, y, epsilon, sys.argv[1])
np.save(sys.argv[5], own @ x - plan @ y)
print(f'{{"value": {float(between - first / 2 - second / 2)!r}, "pot": "{ot.__version__}", "numpy": "{np.__version__}"}}')
