#!/usr/bin/env python3
"""Translates one point at a running `pontoon serve`, over its HTTP door. Nothing but Python's own library.

    python3 docs/client.py --port 7051 0.1 0.2 0.3
"""
import argparse
import json
import urllib.error
import urllib.request


def translate(points, port=7051, **wanted):
    """Returns one translated point for each point; wanted: model, kind, time, seed, index."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/translate", json.dumps({"points": points, **wanted}).encode())
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)["points"]
    except urllib.error.HTTPError as refused:
        raise SystemExit(json.load(refused)["error"])


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=7051)
    options.add_argument("--model", default="default")
    options.add_argument("--mean", action="store_true", help="the mean instead of a sample")
    options.add_argument("--seed", type=int, default=42)
    options.add_argument("point", type=float, nargs="+")
    given = options.parse_args()
    print(*translate([given.point], given.port, model=given.model, seed=given.seed, kind="mean" if given.mean else "sample")[0])
