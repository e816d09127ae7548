#!/usr/bin/env python3
"""Unbalanced Sobolev descent in feature space in numpy: the same algorithm as engine.flow.descent.SobolevDescent, one thread.

Task 1 of Mroueh and Rigotti (2020): N(0, .01 I) to a mixture of eight normals, N = 4000, 300 random Fourier
features, weights. float32 features and products (numpy hands X.T @ X to BLAS's symmetric product), float64 system.
"""

import argparse
import json
import os
import time

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

import numpy as np


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=4000)
    parser.add_argument("--features", type=int, default=300)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--step", type=float, default=0.025)
    parser.add_argument("--alpha", type=float, default=0.6)
    parser.add_argument("--ridge", type=float, default=1e-2)
    parser.add_argument("--bandwidth", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", help="with start.npy, target.npy, frequencies.npy and phases.npy to take instead of drawing them; "
                        "receives end.npy and weights.npy")
    parser.add_argument("--profile", action="store_true", help="report seconds by part")
    o = parser.parse_args()
    random = np.random.default_rng(o.seed)
    n, m = o.points, o.features
    x = (0.1 * random.standard_normal((n, 2))).astype(np.float32)
    angle = np.pi / 4 * (np.arange(n) % 8)
    y = (0.75 * np.stack([np.cos(angle), np.sin(angle)], 1) + 0.075 * random.standard_normal((n, 2))).astype(np.float32)
    w = (random.standard_normal((2, m)) / o.bandwidth).astype(np.float32)
    b = random.uniform(-np.pi, np.pi, m).astype(np.float32)
    if o.folder:
        x, y, w, b = (np.load(os.path.join(o.folder, name + ".npy")).astype(np.float32, order="C")
                      for name in ("start", "target", "frequencies", "phases"))
        w = np.ascontiguousarray(w.T)
        n, m = x.shape[0], w.shape[1]
    amplitude = np.float32(np.sqrt(2 / m))
    factor = w.astype(np.float64).T @ w
    begun = time.perf_counter()
    target = (amplitude * np.cos(y @ w + b)).astype(np.float64).mean(0)
    log_weight = np.full(n, -np.log(n))
    spent = dict.fromkeys(("features", "products", "solve", "move"), 0.0)

    def clock(part, since):
        now = time.perf_counter()
        spent[part] += now - since
        return now

    first = last = None
    for _ in range(o.steps):
        now = time.perf_counter()
        a = np.exp(log_weight)
        root = (amplitude * np.sqrt(a)).astype(np.float32)[:, None]
        h = x @ w
        h += b
        sine = np.sin(h)
        np.cos(h, out=h)
        gradient_sine = sine.copy()
        sine *= root
        h *= root
        now = clock("features", now)
        gramian = sine.T @ sine
        second = h.T @ h
        mean = (np.sqrt(a).astype(np.float32) @ h).astype(np.float64)
        now = clock("products", now)
        system = factor * gramian + o.alpha * (second - np.outer(mean, mean))
        system[np.diag_indices(m)] += o.ridge
        delta = target - mean
        lower = np.linalg.cholesky(system)
        coefficients = np.linalg.solve(lower.T, np.linalg.solve(lower, delta))
        now = clock("solve", now)
        last = float(np.linalg.norm(delta))
        first = last if first is None else first
        scaled = (amplitude * coefficients).astype(np.float32)
        x -= np.float32(o.step) * (gradient_sine @ (scaled[:, None] * w.T))
        h = x @ w
        h += b
        np.cos(h, out=h)
        log_weight += o.alpha * o.step * (h @ scaled)
        log_weight -= log_weight.max()
        log_weight -= np.log(np.exp(log_weight).sum())
        clock("move", now)
    seconds = time.perf_counter() - begun
    if o.folder:
        np.save(os.path.join(o.folder, "end.npy"), x)
        np.save(os.path.join(o.folder, "weights.npy"), np.exp(log_weight).astype(np.float32)[:, None])
    print(json.dumps({"peer": "usd_numpy", "steps": o.steps, "points": n, "features": m, "seconds": seconds,
                      "secondsPerStep": seconds / o.steps, "firstDistance": first, "lastDistance": last,
                      "parts": spent if o.profile else None, "numpy": np.__version__}))


if __name__ == "__main__":
    main()
