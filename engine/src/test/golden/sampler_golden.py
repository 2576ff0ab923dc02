"""Writes golden/sampler/distributions.json: what HuggingFace's logits processors leave of some rows.

Run: python sampler_golden.py ../resources/golden/sampler/distributions.json
"""

import json
import sys

import numpy as np
import torch
from transformers import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

CASES = [
    {"temperature": 1.0},
    {"temperature": 0.6},
    {"temperature": 1.7},
    {"top_k": 1},
    {"top_k": 7},
    {"top_k": 60, "temperature": 0.8},
    {"top_p": 0.8},
    {"top_p": 0.05},
    {"top_p": 0.999, "temperature": 1.3},
    {"min_p": 0.1},
    {"min_p": 0.02, "temperature": 1.5},
    {"repetition_penalty": 1.1},
    {"repetition_penalty": 1.3, "temperature": 0.7},
    {"repetition_penalty": 0.9, "top_k": 12},
    {"top_k": 20, "top_p": 0.8},
    {"top_k": 20, "top_p": 0.8, "temperature": 0.7},
    {"top_k": 20, "top_p": 0.9, "min_p": 0.05, "temperature": 1.2, "repetition_penalty": 1.05},
    {"top_p": 0.7, "min_p": 0.2, "temperature": 2.0},
]


def rows(rng):
    """Spread, flat, peaked and negative rows, rounded so that the JSON holds them exactly."""
    yield rng.normal(0, 2, 200)
    yield rng.normal(0, 0.2, 200)
    peaked = rng.normal(-5, 2, 200)
    peaked[17] = 9
    yield peaked
    yield rng.normal(-30, 6, 200)
    yield rng.gumbel(0, 3, 400)


def filtered(row, history, case):
    scores = torch.tensor(row, dtype=torch.float32)[None]
    if case.get("repetition_penalty", 1) != 1:
        ids = torch.tensor([history])
        scores = RepetitionPenaltyLogitsProcessor(case["repetition_penalty"])(ids, scores)
    # In double from here on: the sums behind top_p then have no rounding worth speaking of.
    scores = scores.double()
    steps = []
    if case.get("temperature", 1) != 1:
        steps.append(TemperatureLogitsWarper(case["temperature"]))
    if "top_k" in case:
        steps.append(TopKLogitsWarper(case["top_k"]))
    if "top_p" in case:
        steps.append(TopPLogitsWarper(case["top_p"]))
    if "min_p" in case:
        steps.append(MinPLogitsWarper(case["min_p"]))
    for step in steps:
        scores = step(None, scores)
    probabilities = torch.softmax(scores, -1)[0]
    return {str(i): p for i, p in enumerate(probabilities.tolist()) if p > 0}


def main(path):
    rng = np.random.default_rng(20240611)
    out = {"rows": [], "cases": []}
    for r, row in enumerate(rows(rng)):
        row = np.round(row, 4).astype(np.float32)
        history = [int(i) for i in rng.integers(0, len(row), 30)] + [int(row.argmax())]
        out["rows"].append({"logits": [round(float(x), 4) for x in row], "history": history})
        for case in CASES:
            kept = filtered(row, history, case)
            out["cases"].append({"row": r, "parameters": case, "probabilities": kept})
    with open(path, "w", encoding="utf-8") as file:
        json.dump(out, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
