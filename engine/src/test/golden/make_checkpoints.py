"""Makes the tiny random checkpoints of src/test/resources/golden and their golden logits.

    python make_checkpoints.py [family ..]

Needs torch, transformers, tokenizers and safetensors. Qwen2, Qwen3 and Llama are computed by transformers,
Qwen v1 by qwen_v1_reference.py. Weights are rounded to the stored type before anything is computed.

golden.json per family: the prompts (ids), 64 greedy ids after each (padding ids never chosen, stop ids ignored) and
where in golden.bin (little-endian float32 rows of vocabulary_rows) the logits after the prompt and the logits of
the 64th greedy step lie. A seed is taken only if every greedy choice wins by at least min_margin, so that another
order of summation in float32 cannot turn it, and if enough different ids come: a loop would prove little.
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import save_file

import qwen_v1_reference
import tiny_tokenizers

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "resources" / "golden"
STEPS = 64
MARGIN = 0.004
KINDS = 60
QWEN25_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
DTYPES = {torch.float32: "float32", torch.float16: "float16", torch.bfloat16: "bfloat16"}


def chat_template(default_system):
    """A minimal ChatML template; where a default system text is given it is used for a missing system message."""
    system = (
        "{%- if messages[0]['role'] != 'system' %}<|im_start|>system\n" + default_system + "<|im_end|>\n{%- endif %}"
        if default_system
        else ""
    )
    return (
        system
        + "{%- for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{%- endfor %}"
        + "{%- if add_generation_prompt %}<|im_start|>assistant\n{%- endif %}"
    )


def randomise(model, seed):
    """Weights large enough that logits spread and every part of the forward pass matters."""
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=g)
            if "norm" in name:
                p.copy_(1 + 0.3 * noise)
            elif name.endswith("bias"):
                p.copy_(0.5 * noise)
            elif "embed" in name or "lm_head" in name:
                p.copy_(0.4 * noise)
            else:
                p.copy_(1.3 * noise / p.shape[1] ** 0.5)
    return model.eval()


def prompts(lengths, vocabulary, seed):
    g = torch.Generator().manual_seed(1000 + seed)
    return [torch.randint(0, vocabulary, (n,), generator=g).tolist() for n in lengths]


def greedy(forward, prompt, vocabulary):
    """forward(ids, prompt_length) -> logits of the last position. Returns first and last logits, ids, margin."""
    ids, first, margin = list(prompt), None, float("inf")
    for _ in range(STEPS):
        logits = forward(ids, len(prompt)).float()
        first = logits if first is None else first
        top = torch.topk(logits[:vocabulary], 2)
        margin = min(margin, (top.values[0] - top.values[1]).item())
        ids.append(top.indices[0].item())
        if margin < MARGIN:
            break
    return first, logits, ids[len(prompt) :], margin


def record(folder, forward, lengths, rows, vocabulary, seed):
    """Writes golden.json and golden.bin; false where a greedy choice is too close or the ids are too monotonous."""
    runs = []
    for prompt in prompts(lengths, vocabulary, seed):
        run = greedy(forward, prompt, vocabulary)
        if run[3] < MARGIN:
            return False
        runs.append((prompt, run))
    kinds = len({i for _, run in runs for i in run[2]})
    if kinds < KINDS:
        return False
    data, entries = b"", []
    for prompt, (first, last, ids, _) in runs:
        entries.append(
            {"prompt": prompt, "greedy": ids, "logits_offset": len(data), "final_logits_offset": len(data) + 4 * rows}
        )
        data += first.numpy().tobytes() + last.numpy().tobytes()
    (folder / "golden.bin").write_bytes(data)
    golden = {
        "seed": seed,
        "vocabulary_rows": rows,
        "vocabulary_size": vocabulary,
        "min_margin": round(min(run[3] for _, run in runs), 5),
        "logits_file": "golden.bin",
        "prompts": entries,
    }
    lines = json.dumps(golden, indent=1)
    (folder / "golden.json").write_text(compact_numbers(lines) + "\n")
    spread = max(run[0].std().item() for _, run in runs)
    print(f"{folder.name}: seed {seed}, margin {golden['min_margin']}, {kinds} different ids, logits std {spread:.2f}")
    return True


def compact_numbers(text):
    """Joins the lines of number arrays."""
    out, inside = [], False
    for line in text.split("\n"):
        if inside:
            out[-1] += line.strip() + (" " if line.rstrip().endswith(",") else "")
        else:
            out.append(line)
        if line.rstrip().endswith(("prompt\": [", "greedy\": [")):
            inside = True
        elif inside and line.strip().startswith("]"):
            inside = False
    return "\n".join(line.rstrip() for line in out)


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


def write_weights(folder, tensors, parts):
    tensors = {k: v.contiguous() for k, v in tensors.items()}
    if parts == 1:
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
        return
    names, index = sorted(tensors), {}
    for i in range(parts):
        file = f"model-{i + 1:05}-of-{parts:05}.safetensors"
        part = names[i * len(names) // parts : (i + 1) * len(names) // parts]
        save_file({n: tensors[n] for n in part}, folder / file, metadata={"format": "pt"})
        index.update({n: file for n in part})
    size = sum(t.numel() * t.element_size() for t in tensors.values())
    write_json(folder / "model.safetensors.index.json", {"metadata": {"total_size": size}, "weight_map": index})


def hf_family(name, config, model_class, dtype, parts, default_system, stop_ids):
    folder = GOLDEN / name
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = tiny_tokenizers.write(name, folder, chat_template(default_system))
    config.dtype = dtype
    for seed in range(200):
        model = randomise(model_class(config), seed)
        tensors = {k: v.to(dtype) for k, v in model.state_dict().items()}
        # The weights alone are rounded: model.to(dtype) would round the rotary frequencies as well.
        model.load_state_dict({k: v.float() for k, v in tensors.items()})
        if config.tie_word_embeddings:
            tensors.pop("lm_head.weight")
        forward = lambda ids, _: model(torch.tensor([ids])).logits[0, -1]
        if record(folder, forward, (1, 5, 17, 40, 100), config.vocab_size, vocabulary, seed):
            break
    else:
        raise SystemExit(f"{name}: no seed is clear and varied enough")
    saved = config.to_dict() | {"dtype": DTYPES[dtype], "architectures": [model_class.__name__]}
    write_json(folder / "config.json", saved)
    write_json(folder / "generation_config.json", {"eos_token_id": stop_ids, "pad_token_id": stop_ids[-1]})
    write_weights(folder, tensors, parts)


def qwen2():
    from transformers import Qwen2Config, Qwen2ForCausalLM

    config = Qwen2Config(
        vocab_size=320, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        intermediate_size=128, max_position_embeddings=512, rope_theta=1e6, rms_norm_eps=1e-6,
        tie_word_embeddings=True, use_sliding_window=False,
    )  # fmt: skip
    hf_family("qwen2", config, Qwen2ForCausalLM, torch.bfloat16, 2, QWEN25_SYSTEM, [298, 296])


def qwen3():
    from transformers import Qwen3Config, Qwen3ForCausalLM

    config = Qwen3Config(
        vocab_size=320, hidden_size=64, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, head_dim=32,
        intermediate_size=96, max_position_embeddings=512, rope_theta=1e6, rms_norm_eps=1e-6,
        tie_word_embeddings=False, use_sliding_window=False,
    )  # fmt: skip
    hf_family("qwen3", config, Qwen3ForCausalLM, torch.float32, 1, None, [298, 296])


def llama():
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=320, hidden_size=96, num_hidden_layers=2, num_attention_heads=6, num_key_value_heads=2,
        intermediate_size=128, max_position_embeddings=512, rope_theta=10000.0, rms_norm_eps=1e-5,
        tie_word_embeddings=True,
    )  # fmt: skip
    hf_family("llama", config, LlamaForCausalLM, torch.float16, 1, None, [298])


def qwen():
    folder = GOLDEN / "qwen"
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = tiny_tokenizers.write_tiktoken(folder)
    config = {
        "model_type": "qwen", "architectures": ["QWenLMHeadModel"], "vocab_size": 512, "hidden_size": 64,
        "num_hidden_layers": 3, "num_attention_heads": 4, "kv_channels": 16, "intermediate_size": 192,
        "layer_norm_epsilon": 1e-6, "rotary_emb_base": 10000, "rotary_pct": 1.0, "no_bias": True, "seq_length": 64,
        "max_position_embeddings": 512, "use_dynamic_ntk": True, "use_logn_attn": True, "use_cache": True,
        "scale_attn_weights": True, "tie_word_embeddings": False, "torch_dtype": "float32",
        "tokenizer_class": "QWenTokenizer",
    }  # fmt: skip
    write_json(folder / "config.json", config)
    write_json(
        folder / "generation_config.json",
        {"chat_format": "chatml", "eos_token_id": vocabulary - 208, "pad_token_id": vocabulary - 208},
    )
    # Around seq_length (64) the NTK factor goes from 1 to 3, beyond 128 to 7; LogN starts at position 64.
    lengths = (1, 5, 17, 40, 64, 65, 100, 150)
    for seed in range(200):
        tensors = qwen_v1_reference.random_tensors(config, seed)
        model = qwen_v1_reference.Model(config, tensors)
        if record(folder, model.last_logits, lengths, config["vocab_size"], vocabulary, seed):
            break
    else:
        raise SystemExit("qwen: no seed is clear and varied enough")
    write_weights(folder, tensors, 1)


FAMILIES = {"qwen": qwen, "qwen2": qwen2, "qwen3": qwen3, "llama": llama}

if __name__ == "__main__":
    torch.set_num_threads(1)
    with torch.no_grad():
        for chosen in sys.argv[1:] or FAMILIES:
            FAMILIES[chosen]()
