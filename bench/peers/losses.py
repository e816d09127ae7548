"""Losses between two clouds of equal weights, as a researcher computes them in Python: one thread, dense matrices.

Answers JSON lines on stdin with JSON lines on stdout:

    {"loss": "sinkhorn-torch", "blur": 0.05, "scaling": 0.5}    debiased, p = 2, gradient by autograd
    {"loss": "gaussian-torch" | "laplacian-torch" | "energy-torch", "blur": 0.2}    half squared norm, gradient by autograd
    {"loss": "sinkhorn-pot", "blur": 0.05, "iterations": 50}    ot.bregman.sinkhorn_log on a given cost matrix

`sinkhorn-torch` follows the published algorithm of tensorized GeomLoss (annealing in the blur, averaged symmetric updates,
a last differentiable update, no stopping rule), rewritten; costs are expanded into products as there.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import json
import math
import sys
import time

import numpy as np


def squared_distances(x, y):
    import torch
    return (x * x).sum(1)[:, None] + (y * y).sum(1)[None, :] - 2 * torch.matmul(x, y.T)


def softmin(eps, cost, potential):
    return -eps * (potential[None, :] - cost / eps).logsumexp(1)


def schedule(diameter, blur, scaling):
    steps = np.arange(2 * math.log(diameter), 2 * math.log(blur), 2 * math.log(scaling))
    return [diameter**2] + [math.exp(e) for e in steps] + [blur**2]


def sinkhorn_torch(source, target, blur, scaling):
    import torch
    x = torch.tensor(source, requires_grad=True)
    y = torch.tensor(target)
    a_log = torch.full((len(x),), -math.log(len(x)))
    b_log = torch.full((len(y),), -math.log(len(y)))
    costs = lambda u, v: squared_distances(u, v) / 2
    with torch.no_grad():
        xy, yx, xx, yy = costs(x, y), costs(y, x), costs(x, x), costs(y, y)
        both = torch.cat([x, y])
        diameter = float((both.max(0).values - both.min(0).values).norm())
        levels = schedule(diameter, blur, scaling)
        eps = levels[0]
        f, g = softmin(eps, xy, b_log), softmin(eps, yx, a_log)
        p, q = softmin(eps, xx, a_log), softmin(eps, yy, b_log)
        for eps in levels:
            ft, gt = softmin(eps, xy, b_log + g / eps), softmin(eps, yx, a_log + f / eps)
            pt, qt = softmin(eps, xx, a_log + p / eps), softmin(eps, yy, b_log + q / eps)
            f, g, p, q = (f + ft) / 2, (g + gt) / 2, (p + pt) / 2, (q + qt) / 2
    fl = softmin(eps, costs(x, y), b_log + g / eps)
    gl = softmin(eps, costs(y, x.detach()), a_log + f / eps)
    pl = softmin(eps, costs(x, x.detach()), a_log + p / eps)
    ql = softmin(eps, yy, b_log + q / eps)
    value = (fl - pl).mean() + (gl - ql).mean()
    (gradient,) = torch.autograd.grad(value, [x])
    return float(value.detach()), gradient.numpy(), 4 * (len(levels) + 2)


def kernel_torch(source, target, kind, s):
    import torch
    x = torch.tensor(source, requires_grad=True)
    y = torch.tensor(target)

    def kernel(u, v):
        square = squared_distances(u, v)
        if kind == "gaussian":
            return (-square / (2 * s * s)).exp()
        distance = square.clamp_min(1e-8).sqrt()
        return (-distance / s).exp() if kind == "laplacian" else -distance

    value = kernel(x, x).mean() / 2 - kernel(x, y).mean() + kernel(y, y).mean() / 2
    (gradient,) = torch.autograd.grad(value, [x])
    return float(value.detach()), gradient.numpy(), 3


def sinkhorn_pot(source, target, blur, iterations):
    import ot
    n, m = len(source), len(target)
    cost = ot.dist(source.astype(np.float64), target.astype(np.float64)) / 2
    begin = time.perf_counter()
    ot.bregman.sinkhorn_log(np.full(n, 1 / n), np.full(m, 1 / m), cost, blur * blur, numItermax=iterations, stopThr=0, warn=False)
    return time.perf_counter() - begin


def answer(request, source, target):
    kind, _, how = request["loss"].rpartition("-")
    if how == "pot":
        seconds = sinkhorn_pot(source, target, request["blur"], request["iterations"])
        return {"seconds": seconds, "value": 0.0, "sweeps": 2 * request["iterations"]}
    begin = time.perf_counter()
    if kind == "sinkhorn":
        value, _, sweeps = sinkhorn_torch(source, target, request["blur"], request["scaling"])
    else:
        value, _, sweeps = kernel_torch(source, target, kind, request["blur"])
    return {"seconds": time.perf_counter() - begin, "value": value, "sweeps": sweeps}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", required=True, help=".npy file, rows are points")
    parser.add_argument("--target", required=True, help=".npy file, rows are points")
    options = parser.parse_args()
    source = np.ascontiguousarray(np.load(options.source), np.float32)
    target = np.ascontiguousarray(np.load(options.target), np.float32)
    try:
        import torch
        torch.set_num_threads(1)
    except ImportError:
        pass
    for line in sys.stdin:
        try:
            result = answer(json.loads(line), source, target)
        except Exception as e:
            result = {"error": repr(e)}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
