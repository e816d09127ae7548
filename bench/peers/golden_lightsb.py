#!/usr/bin/env python3
"""Prints a small golden file for the tests of the light Schroedinger bridge, from float64 autograd in PyTorch.

Usage: golden_lightsb.py > golden/lightsb.json

Two random problems, one with diagonal S and one with full S = L L' (L lower triangular, plain entries, no
logarithm on its diagonal). Each holds parameters, two batches of unequal size, the loss and its two parts, the
gradients, and the drift eps grad log phi_t. phi_t is written here as the Gaussian integral that defines it
(a formula with 1/(1 - t), and exp(|y|^2 / 2 eps) v(y) itself at t = 1), so that it does not share its
algebra with an implementation that has cancelled these terms.
"""

import json
import math

import torch

torch.set_default_dtype(torch.float64)
TIMES = [0.0, 0.25, 0.5, 0.9, 1.0]
LOG_2PI = math.log(2 * math.pi)


def log_normal(z, mean, covariance):
    """log N(z_n | mean_k, covariance_k), shape (n, k)."""
    return torch.distributions.MultivariateNormal(mean, covariance).log_prob(z[:, None, :])


def log_c(x, log_alpha, r, S, epsilon):
    quadratic = torch.einsum("nd,kde,ne->nk", x, S, x) + 2 * x @ r.T
    return torch.logsumexp(log_alpha + quadratic / (2 * epsilon), dim=1)


def log_v(y, log_alpha, r, S, epsilon):
    return torch.logsumexp(log_alpha + log_normal(y, r, epsilon * S), dim=1)


def log_phi(x, t, log_alpha, r, S, epsilon):
    """log of phi_t(x) = integral N(y | x, (1 - t) eps I) exp(|y|^2 / 2 eps) v(y) dy."""
    if t == 1:
        return x.square().sum(dim=1) / (2 * epsilon) + log_v(x, log_alpha, r, S, epsilon)
    D = x.shape[1]
    variance = (1 - t) * epsilon
    precision = torch.linalg.inv(S) / epsilon  # of component k
    A = precision + torch.eye(D) * (1 / variance - 1 / epsilon)
    h = x[:, None, :] / variance + torch.einsum("kde,ke->kd", precision, r)
    log_terms = (log_alpha - 0.5 * D * (LOG_2PI + math.log(variance)) + 0.5 * torch.logdet(precision)
                 - 0.5 * torch.logdet(A) + 0.5 * torch.einsum("nkd,kde,nke->nk", h, torch.linalg.inv(A), h)
                 - 0.5 * torch.einsum("kd,kde,ke->k", r, precision, r)
                 - 0.5 * x.square().sum(dim=1, keepdim=True) / variance)
    return torch.logsumexp(log_terms, dim=1)


def drift(points, t, epsilon, parameters):
    x = points.clone().requires_grad_()
    g, = torch.autograd.grad(epsilon * log_phi(x, t, *parameters, epsilon).sum(), x)
    return g


def closed_form_drift(x, t, log_alpha, r, S, epsilon):
    """The same without 1/(1 - t), used only to check what is printed."""
    D = x.shape[1]
    eye = torch.eye(D)
    Lambda = (1 - t) * eye + t * S
    inverse = torch.linalg.inv(Lambda)
    # log omega = log alpha - logdet/2 + (1/2eps) [x'(S-I)Lambda^-1 x + 2 x'Lambda^-1 r - t r'Lambda^-1 r]
    form = (torch.einsum("nd,kde,ne->nk", x, (S - eye) @ inverse, x)
            + 2 * torch.einsum("nd,kde,ke->nk", x, inverse, r) - t * torch.einsum("kd,kde,ke->k", r, inverse, r))
    weights = torch.softmax(log_alpha - 0.5 * torch.logdet(Lambda) + form / (2 * epsilon), dim=1)
    component = torch.einsum("kde,nke->nkd", inverse, r + torch.einsum("kde,ne->nkd", S - eye, x))
    return torch.einsum("nk,nkd->nd", weights, component)


def problem(generator, D, K, Bx, By, epsilon, full):
    def normal(*shape, scale=1.0, shift=0.0):
        # short decimals, for whoever reads the file
        return torch.round((shift + scale * torch.randn(*shape, generator=generator)) * 1000) / 1000

    log_alpha, r = normal(K, scale=0.5), normal(K, D)
    log_alpha, r = log_alpha.requires_grad_(), r.requires_grad_()
    if full:
        free = torch.tril(normal(K, D, D, scale=0.3), -1) + torch.diag_embed(normal(K, D, scale=0.1, shift=0.9))
    else:
        free = normal(K, D, scale=0.7, shift=-0.5)
    free.requires_grad_()
    x, y = normal(Bx, D), normal(By, D, scale=1.2, shift=0.2)
    points = normal(3, D, scale=1.5)

    def covariance():
        lower = torch.tril(free)
        return lower @ lower.mT if full else torch.diag_embed(free.exp())

    mean_c = log_c(x, log_alpha, r, covariance(), epsilon).mean()
    mean_v = log_v(y, log_alpha, r, covariance(), epsilon).mean()
    loss = mean_c - mean_v
    gradients = torch.autograd.grad(loss, (log_alpha, r, free))
    parameters = tuple(p.detach() for p in (log_alpha, r, covariance()))
    drifts = torch.stack([drift(points, t, epsilon, parameters) for t in TIMES])
    for t, g in zip(TIMES, drifts):
        assert torch.allclose(g, closed_form_drift(points, t, *parameters, epsilon), rtol=1e-11, atol=1e-11)
    name = "L" if full else "logS"
    return {
        "dimension": D, "components": K, "epsilon": epsilon,
        "logAlpha": log_alpha.tolist(), "r": r.tolist(), name: free.tolist(),
        "source": x.tolist(), "target": y.tolist(),
        "meanLogC": mean_c.item(), "meanLogV": mean_v.item(), "loss": loss.item(),
        "gradient": {"logAlpha": gradients[0].tolist(), "r": gradients[1].tolist(), name: gradients[2].tolist()},
        "drift": {"times": TIMES, "points": points.tolist(), "values": drifts.tolist()},
    }


def dump(value, indent=0):
    """JSON with one line for each innermost list."""
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        body = ",\n".join(f"{pad}{json.dumps(k)}: {dump(v, indent + 1)}" for k, v in value.items())
        return "{\n" + body + "\n" + " " * indent + "}"
    if isinstance(value, list) and any(isinstance(v, list) for v in value):
        return "[\n" + ",\n".join(pad + dump(v, indent + 1) for v in value) + "\n" + " " * indent + "]"
    return json.dumps(value)


if __name__ == "__main__":
    random = torch.Generator().manual_seed(20240917)
    print(dump({
        "about": "LightSB loss, gradients and drift from float64 autograd; written by golden_lightsb.py",
        "torch": torch.__version__,
        "diagonal": problem(random, D=3, K=4, Bx=5, By=6, epsilon=0.3, full=False),
        "full": problem(random, D=3, K=2, Bx=5, By=6, epsilon=0.3, full=True),
    }))
