"""What the LightSB peers share: options, minibatch indices, the full-data objective, output.

Notation: x source, y target, K components, S diagonal, eps the Wiener variance on [0, 1].

    log c(x) = LSE_k [ log alpha_k + (x'S_k x + 2 r_k'x) / (2 eps) ]
    log v(y) = LSE_k [ log alpha_k + log N(y | r_k, eps S_k) ]
    loss     = mean_x log c(x) - mean_y log v(y)

Import this only after the thread variables of the BLAS are set: it imports numpy.
"""

import argparse
import json
import platform
import sys
import time

import numpy as np


def parser(description):
    p = argparse.ArgumentParser(description=description)
    p.add_argument("--source", required=True, help=".npy file, rows are points")
    p.add_argument("--target", required=True, help=".npy file, rows are points")
    p.add_argument("--steps", type=int, default=10_000)
    p.add_argument("--components", type=int, default=10)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--learning-rate", type=float, default=0.01)
    p.add_argument("--epsilon", type=float, default=0.1)
    p.add_argument("--initial-scale", type=float, default=0.1, help="initial diagonal of S")
    p.add_argument("--seed", type=int, default=42)
    p.add_argument("--float64", action="store_true", help="fit in float64 instead of float32")
    p.add_argument("--out", help="write log_alpha, r, S, epsilon to this .npz file")
    p.add_argument("--serve", action="store_true",
                   help='read {"steps":..,"seed":..} lines on stdin, answer one JSON line each')
    return p


def load(path):
    """Reads a cloud as it lies in the file, checked."""
    points = np.load(path)
    if points.ndim != 2 or not np.isfinite(points).all():
        raise SystemExit(f"{path}: expected a finite two-dimensional array")
    return np.ascontiguousarray(points)


def index_chunk(rng, size, batch, rows):
    """Indices of `rows` independent minibatches, each drawn uniformly without replacement.

    Sequential rejection, done for many batches at once: draw with replacement, sort, and replace the
    repeats by fresh draws until none is left. The sets have the law of Generator.choice(replace=False),
    at about an eighth of its cost (0.9 us against 7 us for 128 of 6,000; Generator.permutation takes 58 us,
    the legacy RandomState.choice 71 us). Rows come out sorted; the order inside a batch has no effect on
    the loss.
    """
    if 4 * batch > size:  # too many repeats for rejection
        return np.stack([rng.choice(size, batch, replace=False, shuffle=False) for _ in range(rows)])
    index = rng.integers(0, size, (rows, batch), dtype=np.int32)
    index.sort(axis=1)
    pending = np.arange(rows)
    while len(pending):
        part = index[pending]
        repeat = part[:, 1:] == part[:, :-1]
        bad = repeat.any(axis=1)
        pending, part, repeat = pending[bad], part[bad], repeat[bad]
        part[:, 1:][repeat] = rng.integers(0, size, np.count_nonzero(repeat), dtype=np.int32)
        part.sort(axis=1)
        index[pending] = part
    return index


def batches(rng, sizes, batch, steps, rows=256):
    """Yields `steps` pairs of index rows (source, target)."""
    for size in sizes:
        if not 1 <= batch <= size:
            raise ValueError(f"a batch of {batch} cannot be drawn from {size} points")
    done = 0
    while done < steps:
        count = min(rows, steps - done)
        yield from zip(*[index_chunk(rng, n, batch, count).astype(np.int64) for n in sizes])
        done += count


def uncentre(log_alpha, r, S, epsilon, a, b):
    """Parameters for x - a, y - b turned into those for x, y (float64)."""
    log_alpha, r, S = (np.asarray(p, dtype=np.float64) for p in (log_alpha, r, S))
    r = r - S * a + b
    log_alpha = log_alpha - (S @ (a * a) + 2 * (r @ a)) / (2 * epsilon)
    return log_alpha, r, S


def log_sum_exp(z):
    top = z.max(axis=1)
    return top + np.log(np.exp(z - top[:, None]).sum(axis=1))


def objective(source, target, log_alpha, r, S, epsilon):
    """mean log c - mean log v over all the points given, in float64 and without expanded squares."""
    x, y = source.astype(np.float64), target.astype(np.float64)
    K, D = r.shape
    lc = log_alpha + ((x * x) @ S.T + 2 * (x @ r.T)) / (2 * epsilon)
    lv = np.empty((len(y), K))
    for k in range(K):
        u = y - r[k]
        lv[:, k] = log_alpha[k] - 0.5 * ((u * u) @ (1 / S[k]) / epsilon
                                         + np.log(S[k]).sum() + D * np.log(2 * np.pi * epsilon))
    return float(log_sum_exp(lc).mean() - log_sum_exp(lv).mean())


def blas():
    """Name of the BLAS in this process, where the system tells: the reference BLAS would be no fair peer."""
    try:
        with open("/proc/self/maps") as maps:
            text = maps.read()
    except OSError:
        return "unknown"
    for name in ("openblas", "mkl_", "blis"):
        if name in text:
            return name.strip("_")
    print("warning: no optimised BLAS found, timings are not those of a fair peer", file=sys.stderr)
    return "reference"


def main(peer, options, fit, versions):
    """Runs one fit, or serves them. fit(source, target, options, steps, seed) returns
    (log_alpha, r, S, prepare_seconds, seconds) in the coordinates of the files."""
    source, target = load(options.source), load(options.target)
    if source.shape[1] != target.shape[1]:
        raise SystemExit(f"source has {source.shape[1]} columns, target {target.shape[1]}")
    versions = {"python": platform.python_version(), "numpy": np.__version__, "blas": blas(), **versions}

    def once(steps, seed):
        log_alpha, r, S, prepare, seconds = fit(source, target, options, steps, seed)
        if options.out:
            np.savez(options.out, log_alpha=log_alpha, r=r, S=S, epsilon=np.float64(options.epsilon))
        value = objective(source, target, log_alpha, r, S, options.epsilon)
        return {"peer": peer, "steps": steps, "seed": seed, "dtype": "float64" if options.float64 else "float32",
                "seconds": seconds, "secondsPerStep": seconds / steps if steps else None,
                "prepareSeconds": prepare, "objective": value if np.isfinite(value) else None,
                "versions": versions}

    if not options.serve:
        print(json.dumps(once(options.steps, options.seed)), flush=True)
        return
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            request = json.loads(line)
            answer = once(int(request.get("steps", options.steps)), int(request.get("seed", options.seed)))
        except Exception as e:  # a bad request must not end the service
            answer = {"peer": peer, "error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answer), flush=True)


clock = time.perf_counter
