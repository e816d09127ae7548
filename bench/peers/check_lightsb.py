#!/usr/bin/env python3
"""Checks that the peers compute the same thing: gradients at a test point, the objective, and for the tuned numpy peer
both precisions and a short fit with the minibatches of the PyTorch peer. Random data; prints the differences.

The numpy peer expands (y - r)^2 / (eps S), so in float32 a logit carries an error of about 2^-24 times the size
of y^2 / (2 eps S); that is the bound on its float32 gradient here (9e-6 for D = 50, 4e-5 for D = 300)."""

import lightsb_numpy as ours  # sets the thread variables first

import argparse
import sys

import numpy as np
import torch

import lightsb_common as common
import lightsb_numpy_plain as plain
import lightsb_torch as theirs

K, B, EPSILON = 10, 128, 0.1


def gradients(dtype, x, y, p):
    D = x.shape[1]
    X = np.stack([ours.features(z, 0.0, dtype) for z in (x, y)])
    g = ours.gradient_function(D, K, B, EPSILON, dtype)(p.astype(dtype), X, np.empty(p.shape, dtype))
    q = torch.tensor(p, dtype=torch.float64)  # the reference is always float64
    model = theirs.LightBridge(q[D:2 * D].T, EPSILON, 1.0)
    with torch.no_grad():
        model.a.copy_(q[2 * D])
        model.log_S.copy_(q[:D].T)
    loss = model(torch.tensor(x), torch.tensor(y))
    loss.backward()
    h = np.concatenate([model.log_S.grad.T.numpy(), model.r.grad.T.numpy(), model.a.grad[None].numpy()])
    q = p.astype(np.float64)
    value = common.objective(x, y, q[2 * D] / EPSILON, q[D:2 * D].T, np.exp(q[:D].T), EPSILON)
    direct = plain.gradients(x, y, p[2 * D], p[D:2 * D].T, p[:D].T, EPSILON)
    direct = np.concatenate([direct[2].T, direct[1].T, direct[0][None]])
    largest = np.abs(h).max()
    return np.abs(g - h).max() / largest, abs(value - loss.item()) / abs(loss.item()), np.abs(direct - h).max() / largest


def problem(D):
    rng = np.random.default_rng(7)
    spread = np.arange(1, D + 1) ** -0.5
    source = rng.normal(size=(3000, D)) * spread
    target = rng.normal(size=(4000, D)) * spread + 0.5 * rng.normal(size=(3, D))[rng.integers(0, 3, 4000)] + 1
    p = np.concatenate([rng.normal(-1, 0.3, (D, K)), target[:K].T, EPSILON * rng.normal(size=(1, K))])
    return source, target, p


def main():
    failed = False

    def report(what, difference, bound):
        nonlocal failed
        failed |= not difference <= bound
        print(f"{what:50s} {difference:.1e} (bound {bound:.0e}){'' if difference <= bound else '  FAILED'}")

    for D in (300, 50):  # the numpy peer has two ways, by width
        source, target, p = problem(D)
        centre = target.mean(axis=0)
        p[D:2 * D] -= centre[:, None]  # the peer only ever sees centred clouds
        size = 0.5 / EPSILON * ((target[:B] - centre) ** 2 @ np.exp(-p[:D])).mean()
        for dtype, bound in ((np.float64, 1e-12), (np.float32, 2.0 ** -24 * size)):
            g, v, direct = gradients(dtype, source[:B] - source.mean(axis=0), target[:B] - centre, p)
            report(f"D={D} gradient, numpy {np.dtype(dtype).name}, of the largest", g, bound)
        report(f"D={D} gradient, plain numpy, of the largest", direct, 1e-12)
        report(f"D={D} objective, relative", v, 1e-12)
    for wide, bound in ((True, 1e-9), (False, 1e-4)):
        options = argparse.Namespace(components=K, batch=B, epsilon=EPSILON, learning_rate=0.01,
                                     initial_scale=0.1, float64=wide, centre=True)
        values = [common.objective(source, target, *peer.fit(source, target, options, 300, 1)[:3], EPSILON)
                  for peer in (ours, theirs)]
        report(f"D={D} 300 steps, {'float64' if wide else 'float32'}, objective, relative",
               abs(values[0] - values[1]) / abs(values[1]), bound)
    sys.exit(failed)


if __name__ == "__main__":
    main()
