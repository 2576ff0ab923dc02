"""Qwen v1's forward pass in float64, without a cache: the oracle for the first family, which transformers no longer has.

The NTK factor belongs to the prompt: it follows from the prompt's length and stays while tokens are generated.
"""

import math

import torch


def random_tensors(config, seed):
    h, f, v = config["hidden_size"], config["intermediate_size"] // 2, config["vocab_size"]
    p = config["num_attention_heads"] * config["kv_channels"]
    g = torch.Generator().manual_seed(seed)
    norm = lambda: 1 + 0.3 * torch.randn(h, generator=g)
    linear = lambda rows, columns: 1.3 * torch.randn(rows, columns, generator=g) / columns**0.5
    tensors = {"transformer.wte.weight": 0.4 * torch.randn(v, h, generator=g)}
    for n in range(config["num_hidden_layers"]):
        layer = f"transformer.h.{n}."
        tensors |= {
            layer + "ln_1.weight": norm(),
            layer + "attn.c_attn.weight": linear(3 * p, h),
            layer + "attn.c_attn.bias": 0.5 * torch.randn(3 * p, generator=g),
            layer + "attn.c_proj.weight": linear(h, p),
            layer + "ln_2.weight": norm(),
            layer + "mlp.w1.weight": linear(f, h),
            layer + "mlp.w2.weight": linear(f, h),
            layer + "mlp.c_proj.weight": linear(h, f),
        }
    tensors["transformer.ln_f.weight"] = norm()
    tensors["lm_head.weight"] = 0.4 * torch.randn(v, h, generator=g)
    return tensors


class Model:
    def __init__(self, config, tensors):
        self.config = config
        self.t = {k: v.double() for k, v in tensors.items()}

    def last_logits(self, ids, prompt_length):
        c, t = self.config, self.t
        x = t["transformer.wte.weight"][torch.tensor(ids)]
        cos, sin = self.rotary(len(ids), prompt_length)
        for n in range(c["num_hidden_layers"]):
            layer = f"transformer.h.{n}."
            x = x + self.attention(layer + "attn.", self.norm(x, layer + "ln_1.weight"), cos, sin)
            x = x + self.mlp(layer + "mlp.", self.norm(x, layer + "ln_2.weight"))
        return t["lm_head.weight"] @ self.norm(x[-1], "transformer.ln_f.weight")

    def norm(self, x, name):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.config["layer_norm_epsilon"]) * self.t[name]

    def mlp(self, prefix, x):
        up, gate = x @ self.t[prefix + "w1.weight"].T, x @ self.t[prefix + "w2.weight"].T
        return (up * torch.nn.functional.silu(gate)) @ self.t[prefix + "c_proj.weight"].T

    def ntk_alpha(self, prompt_length):
        if not self.config["use_dynamic_ntk"]:
            return 1
        return max(1, 2 ** math.ceil(math.log2(prompt_length / self.config["seq_length"]) + 1) - 1)

    def rotary(self, length, prompt_length):
        d = self.config["kv_channels"]
        base = self.config["rotary_emb_base"] * self.ntk_alpha(prompt_length) ** (d / (d - 2))
        frequency = base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
        angle = torch.outer(torch.arange(length, dtype=torch.float64), frequency)
        angle = torch.cat((angle, angle), -1)[:, None, :]
        return angle.cos(), angle.sin()

    def attention(self, prefix, x, cos, sin):
        c, length = self.config, len(x)
        heads, d = c["num_attention_heads"], c["kv_channels"]
        qkv = x @ self.t[prefix + "c_attn.weight"].T + self.t[prefix + "c_attn.bias"]
        q, k, v = (part.view(length, heads, d) for part in qkv.split(heads * d, -1))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        if c["use_logn_attn"]:
            count = torch.arange(1, length + 1, dtype=torch.float64)
            q = q * torch.clamp(count.log() / math.log(c["seq_length"]), min=1)[:, None, None]
        score = torch.einsum("qhd,khd->hqk", q, k) / d**0.5
        score = score + torch.full((length, length), float("-inf"), dtype=torch.float64).triu(1)
        mixed = torch.einsum("hqk,khd->qhd", score.softmax(-1), v)
        return mixed.reshape(length, heads * d) @ self.t[prefix + "c_proj.weight"].T


def rotate(x, cos, sin):
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin
