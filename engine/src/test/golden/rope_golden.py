"""Golden logits of every RoPE scaling, computed by transformers on the tiny checkpoints of make_checkpoints.py.

    python rope_golden.py

Each case is a checkpoint whose config.json gets other values. rope/golden.json holds per case the changed values and
per prompt its ids, the ids that are then forced, and where in rope/golden.bin (little-endian float32 rows) the logits
after the prompt and after the last forced id lie. The frequencies follow from the prompt and stay while tokens come:
with `dynamic` scaling transformers would change them under the cached keys, so they are frozen after the prompt.
"""

import json
import pathlib

import torch
from transformers import AutoConfig, AutoModelForCausalLM

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "resources" / "golden"
FORCED = 12
VOCABULARY = 299
CASES = {
    "linear": ("llama", 512, {"rope_type": "linear", "factor": 4.0}),
    "dynamic": ("llama", 64, {"rope_type": "dynamic", "factor": 2.0}),
    "dynamic of qwen2": ("qwen2", 64, {"rope_type": "dynamic", "factor": 4.0}),
    "llama3": (
        "llama",
        512,
        {
            "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64,
        },
    ),
    "yarn": ("qwen2", 64, {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64}),
    "yarn of qwen3": (
        "qwen3",
        64,
        {
            "rope_type": "yarn", "factor": 3.0, "original_max_position_embeddings": 48, "beta_fast": 8.0,
            "beta_slow": 0.5, "truncate": False, "attention_factor": 1.25,
        },
    ),
    "yarn with mscale": (
        "qwen3",
        64,
        {
            "rope_type": "yarn", "factor": 6.0, "original_max_position_embeddings": 64, "mscale": 0.7,
            "mscale_all_dim": 1.2,
        },
    ),
}  # fmt: skip
# 64 and 65 lie on both sides of the length that dynamic scaling starts at.
LENGTHS = (33, 64, 65, 150)


def run(name, folder, positions, scaling, data):
    config = AutoConfig.from_pretrained(folder)
    theta = config.rope_parameters["rope_theta"]
    config.max_position_embeddings = positions
    config.rope_parameters = scaling | {"rope_theta": theta}
    prompts = []
    for length in LENGTHS:
        # A fresh model: dynamic scaling remembers the longest sequence.
        model = AutoModelForCausalLM.from_pretrained(folder, config=config, dtype=torch.float32).eval()
        g = torch.Generator().manual_seed(length)
        ids = torch.randint(0, VOCABULARY, (1, length + FORCED), generator=g)
        out = model(ids[:, :length], use_cache=True)
        model.model.rotary_emb.rope_type = "default"
        last = model(ids[:, length:], past_key_values=out.past_key_values).logits[0, -1]
        first = out.logits[0, -1]
        prompts.append(
            {
                "prompt": ids[0, :length].tolist(),
                "forced": ids[0, length:].tolist(),
                "logits_offset": len(data),
                "final_logits_offset": len(data) + 4 * len(first),
            }
        )
        data += first.numpy().tobytes() + last.numpy().tobytes()
    changes = {"max_position_embeddings": positions, "rope_parameters": config.rope_parameters}
    return {"name": name, "checkpoint": folder.name, "changes": changes, "prompts": prompts}


def main():
    out = GOLDEN / "rope"
    out.mkdir(exist_ok=True)
    data = bytearray()
    cases = [run(name, GOLDEN / folder, positions, dict(scaling), data) for name, (folder, positions, scaling) in CASES.items()]
    (out / "golden.bin").write_bytes(data)
    lines = ",\n".join(json.dumps(case) for case in cases)
    (out / "golden.json").write_text("[\n" + lines + "\n]\n")
    print(len(cases), "cases,", len(data), "bytes")


if __name__ == "__main__":
    torch.set_num_threads(1)
    with torch.no_grad():
        main()
