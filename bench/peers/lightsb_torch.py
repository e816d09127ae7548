#!/usr/bin/env python3
"""Light Schroedinger bridge fitting in PyTorch with autograd, as a researcher would write it.

The same loss, the same Adam (torch.optim.Adam), the same minibatches as lightsb_numpy.py for the same seed.
By default it trains in the coordinates of the files, as such code commonly does; --centre subtracts the mean
of each cloud first, and then follows the numpy peer.
"""

import os
import sys


def _threads(arguments):
    for k, word in enumerate(arguments):
        if word.startswith("--threads="):
            return word.split("=", 1)[1]
        if word == "--threads" and k + 1 < len(arguments):
            return arguments[k + 1]
    return "1"


for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = _threads(sys.argv)  # before numpy and torch are imported

import math

import numpy as np
import torch

import lightsb_common as common


class LightBridge(torch.nn.Module):
    def __init__(self, centres, epsilon, initial_scale):
        super().__init__()
        K, D = centres.shape
        self.epsilon = epsilon
        self.a = torch.nn.Parameter(torch.full((K,), epsilon * math.log(1 / K), dtype=centres.dtype))
        self.r = torch.nn.Parameter(centres.clone())
        self.log_S = torch.nn.Parameter(torch.full((K, D), math.log(initial_scale), dtype=centres.dtype))

    def log_normaliser(self, x):
        S, log_alpha = self.log_S.exp(), self.a / self.epsilon
        logits = log_alpha + (x.square() @ S.T + 2 * x @ self.r.T) / (2 * self.epsilon)
        return torch.logsumexp(logits, dim=1)

    def log_potential(self, y):
        variance, log_alpha = self.epsilon * self.log_S.exp(), self.a / self.epsilon
        square = ((y[:, None, :] - self.r).square() / variance).sum(dim=2)
        log_density = -0.5 * (square + torch.log(2 * math.pi * variance).sum(dim=1))
        return torch.logsumexp(log_alpha + log_density, dim=1)

    def forward(self, x, y):
        return self.log_normaliser(x).mean() - self.log_potential(y).mean()


def fit(source, target, options, steps, seed):
    dtype = torch.float64 if options.float64 else torch.float32
    begin = common.clock()
    a, b = np.zeros((2, source.shape[1]))
    if options.centre:
        a, b = source.mean(axis=0, dtype=np.float64), target.mean(axis=0, dtype=np.float64)
    X, Y = torch.as_tensor(source - a, dtype=dtype), torch.as_tensor(target - b, dtype=dtype)
    rng = np.random.Generator(np.random.SFC64(seed))
    centres = Y[torch.from_numpy(rng.choice(len(Y), options.components, replace=False))]
    model = LightBridge(centres, options.epsilon, options.initial_scale)
    optimiser = torch.optim.Adam(model.parameters(), lr=options.learning_rate)
    middle = common.clock()
    for i, j in common.batches(rng, (len(X), len(Y)), options.batch, steps):
        optimiser.zero_grad(set_to_none=True)
        loss = model(X[torch.from_numpy(i)], Y[torch.from_numpy(j)])
        loss.backward()
        optimiser.step()
    end = common.clock()
    with torch.no_grad():
        log_alpha, r, S = common.uncentre((model.a.double() / options.epsilon).numpy(), model.r.numpy(),
                                          model.log_S.double().exp().numpy(), options.epsilon, a, b)
    return log_alpha, r, S, middle - begin, end - middle


if __name__ == "__main__":
    parser = common.parser(__doc__.split("\n")[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--centre", action="store_true", help="train on centred clouds")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    common.main("lightsb-torch", options, fit, {"torch": torch.__version__, "threads": options.threads})
