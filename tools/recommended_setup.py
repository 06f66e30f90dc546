#!/usr/bin/env python3
"""Prints the best setup of a `gradwatt recommend --json` file in one line: batch=256 lr=1e-2."""

import json
import sys


def setup_line(recommendation):
    """The factors of the best setup, or that there is none."""
    best = recommendation.get("best")
    if not best:
        return "none: no setup reached the goal"
    return " ".join(f"{name}={value}" for name, value in best.items())


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(setup_line(json.load(file)))
