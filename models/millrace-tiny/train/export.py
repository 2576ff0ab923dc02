"""Writes a training run's weights as a HuggingFace checkpoint (fp16) and checks it against transformers.

python export.py --run DIR
"""
import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

from encoding import CHECKPOINT, Encoder
from generate_data import DEFAULT_SYSTEM
from model import CONFIG, Qwen2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=CHECKPOINT)
    args = parser.parse_args()
    state = torch.load(args.run / "last.pt")
    weights = {name: w.to(torch.float16).contiguous() for name, w in state["model"].items()}
    save_file(weights, str(args.out / "model.safetensors"), metadata={"format": "pt"})
    generation = {"do_sample": False, "eos_token_id": [CONFIG["eos_token_id"], CONFIG["pad_token_id"]],
                  "pad_token_id": CONFIG["pad_token_id"], "max_new_tokens": 256}
    for name, content in (("config.json", {**CONFIG, "torch_dtype": "float16"}), ("generation_config.json", generation)):
        (args.out / name).write_text(json.dumps(content, indent=2) + "\n")

    torch.set_num_threads(1)
    ours = Qwen2(CONFIG)
    ours.load_state_dict({name: w.float() for name, w in weights.items()})
    theirs = AutoModelForCausalLM.from_pretrained(args.out, dtype=torch.float32).eval()
    encoder = Encoder(args.out / "tokenizer.json")
    ids = torch.tensor([encoder.message("system", DEFAULT_SYSTEM) + encoder.message("user", "Hello! 你好！")])
    with torch.no_grad():
        gap = (ours.logits(ours.hidden(ids)) - theirs(ids).logits).abs().max().item()
    assert gap < 1e-3, gap
    print(f"step {state['step']}, {state['seen']} tokens; largest difference to transformers {gap:.1e}")


if __name__ == "__main__":
    main()
