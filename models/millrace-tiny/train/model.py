"""Qwen2 in the few lines that training needs; parameter names are those of transformers' Qwen2ForCausalLM."""
import torch
import torch.nn.functional as F
from torch import nn

CONFIG = {
    "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 3072, "hidden_size": 192,
    "intermediate_size": 512, "num_hidden_layers": 4, "num_attention_heads": 6, "num_key_value_heads": 2,
    "hidden_act": "silu", "max_position_embeddings": 4096, "rms_norm_eps": 1e-6, "rope_theta": 1000000.0,
    "tie_word_embeddings": True, "attention_dropout": 0.0, "initializer_range": 0.02, "use_cache": True,
    "use_sliding_window": False, "bos_token_id": None, "eos_token_id": 3071, "pad_token_id": 3069,
    # Millrace's defaults for documents: the length of the training's reports and summaries, and their first template.
    "task_specific_params": {"summarization": {"chunk_tokens": 400, "max_new_tokens": 180, "prompts": {
        language: {"chunk": f"{ask}\n{{text}}", "combine": f"{ask}\n{{text}}", "refine": f"{ask}\n{{summary}}{space}{{text}}"}
        for language, ask, space in (("en", "Summarize the following report.", " "), ("zh", "请总结以下报告。", ""))}}},
}


class RmsNorm(nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x):
        return F.rms_norm(x, x.shape[-1:], self.weight, self.eps)


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.kv = c["num_attention_heads"], c["num_key_value_heads"]
        width = c["hidden_size"]
        self.size = width // self.heads
        self.q_proj = nn.Linear(width, self.heads * self.size)
        self.k_proj = nn.Linear(width, self.kv * self.size)
        self.v_proj = nn.Linear(width, self.kv * self.size)
        self.o_proj = nn.Linear(self.heads * self.size, width, bias=False)

    def forward(self, x, cos, sin):
        rows, length, _ = x.shape
        q = self.q_proj(x).view(rows, length, self.heads, self.size).transpose(1, 2)
        k = self.k_proj(x).view(rows, length, self.kv, self.size).transpose(1, 2)
        v = self.v_proj(x).view(rows, length, self.kv, self.size).transpose(1, 2)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        repeat = self.heads // self.kv
        y = F.scaled_dot_product_attention(q, k.repeat_interleave(repeat, 1), v.repeat_interleave(repeat, 1),
                                           is_causal=True)
        return self.o_proj(y.transpose(1, 2).reshape(rows, length, -1))


class Mlp(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, inner = c["hidden_size"], c["intermediate_size"]
        self.gate_proj = nn.Linear(width, inner, bias=False)
        self.up_proj = nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.self_attn, self.mlp = Attention(c), Mlp(c)
        self.input_layernorm = RmsNorm(c["hidden_size"], c["rms_norm_eps"])
        self.post_attention_layernorm = RmsNorm(c["hidden_size"], c["rms_norm_eps"])

    def forward(self, x, cos, sin):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin)
        return x + self.mlp(self.post_attention_layernorm(x))


class Body(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.layers = nn.ModuleList(Layer(c) for _ in range(c["num_hidden_layers"]))
        self.norm = RmsNorm(c["hidden_size"], c["rms_norm_eps"])


class Qwen2(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.model = Body(c)
        size = c["hidden_size"] // c["num_attention_heads"]
        frequency = c["rope_theta"] ** (-torch.arange(0, size, 2) / size)
        angle = torch.outer(torch.arange(c["max_position_embeddings"]), frequency)
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)
        self.initialise(c)

    @torch.no_grad()
    def initialise(self, c):
        """Normal weights, and copying built in: left to chance it takes millions of tokens to appear.

        Embeddings start in the first 128 dimensions. In layer 0 one head for each key-value head looks at the previous
        token (a fixed rotary phase in the biases) and writes 32 of its dimensions into the last 64. In layer 1 one
        head for each key-value head looks for positions whose previous token is the current one, matching in the
        slowly rotating dimensions, and writes 32 dimensions of what stood there. All of it is trained like the rest.
        """
        width, size = c["hidden_size"], c["hidden_size"] // c["num_attention_heads"]
        for name, p in self.named_parameters():
            if p.dim() == 2:
                deep = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(p, std=0.02 / (2 * c["num_hidden_layers"]) ** 0.5 if deep else 0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(p)
        nn.init.normal_(self.model.embed_tokens.weight, std=0.03)
        self.model.embed_tokens.weight[:, width - 2 * size:] = 0
        previous, match = (layer.self_attn for layer in self.model.layers[:2])
        group = c["num_attention_heads"] // c["num_key_value_heads"]
        slow = [d for i in range(6, size // 2) for d in (i, i + size // 2)]
        eye = torch.eye(width)
        for kv in range(c["num_key_value_heads"]):
            head = kv * group * size + torch.arange(size)
            key, low = kv * size + torch.arange(size), torch.arange(kv * size, kv * size + size)
            past = width - 2 * size + low
            previous.q_proj.weight[head], previous.k_proj.weight[key] = 0, 0
            previous.k_proj.bias[key[:size // 2]] = 7.0
            previous.q_proj.bias[head[:size // 2]] = 7.0 * self.cos[1]
            previous.q_proj.bias[head[size // 2:]] = -7.0 * self.sin[1]
            previous.v_proj.weight[key] = eye[low]
            previous.o_proj.weight[:, head] = 0.025 * eye[:, past]
            match.q_proj.weight[head], match.k_proj.weight[key] = 0, 0
            match.q_proj.weight[head[slow]] = 2.0 * eye[low[:len(slow)]]
            match.k_proj.weight[key[slow]] = 2.0 * eye[past[:len(slow)]]
            match.v_proj.weight[key] = eye[2 * size + low]
            match.o_proj.weight[:, head] = 0.1 * eye[:, 2 * size + low]

    def hidden(self, ids):
        m = self.model
        x, length = m.embed_tokens(ids), ids.shape[1]
        for layer in m.layers:
            x = layer(x, self.cos[:length], self.sin[:length])
        return m.norm(x)

    def logits(self, hidden):
        """Tied head; takes any subset of positions, so that unsupervised ones cost nothing."""
        return F.linear(hidden, self.model.embed_tokens.weight)
