"""Trains Millrace Tiny on generated conversations; the schedule follows the clock, so it always ends in time.

python train.py --minutes 80 --run DIR      trains, saving DIR/last.pt every few minutes
python train.py --minutes 30 --run DIR --resume
"""
import argparse
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from encoding import Encoder
from generate_data import conversation
from lexicon import strange_words
from model import CONFIG, Qwen2
from muon import Muon


def copy_task(rng, encoder):
    """Random tokens, said again: teaches copying for every token of the vocabulary."""
    count = rng.randint(4, 40)
    part = [rng.randrange(encoder.end_of_text) for _ in range(count)]
    ids, mask = [], []
    for n in range(rng.randint(2, 3)):
        gap = [rng.randrange(encoder.end_of_text) for _ in range(rng.randint(1, 12))]
        ids += gap + part
        mask += [0] * (len(gap) + 1) + [int(n > 0)] * (count - 1)
    return ids, mask


def batches(rng, encoder, progress, tokens, pool=300):
    """Batches of similar lengths, padded on the right (causal attention never sees the padding)."""
    words = strange_words([encoder.tokenizer.decode([i]) for i in range(encoder.end_of_text)])
    while True:
        stage, copies = min(1.0, 0.2 + progress() / 0.3), 0.2 if progress() < 0.1 else 0.1
        items = []
        for _ in range(pool):
            if rng.random() < copies:
                items.append(copy_task(rng, encoder))
            else:
                c = conversation(rng, stage=stage, words=words)
                items.append(encoder.conversation(c["system"], c["turns"])[:2])
        items = sorted((i for i in items if len(i[0]) <= 1536), key=lambda i: len(i[0]))
        groups, group = [], []
        for item in items:
            if group and (len(group) + 1) * len(item[0]) > tokens:
                groups.append(group)
                group = []
            group.append(item)
        rng.shuffle(groups)
        for g in groups:
            length = max(len(i[0]) for i in g)
            ids = torch.full((len(g), length), encoder.end_of_text)
            mask = torch.zeros((len(g), length))
            for row, (i, m) in enumerate(g):
                ids[row, :len(i)] = torch.tensor(i)
                mask[row, :len(i)] = torch.tensor(m, dtype=torch.float)
            yield ids, mask


def loss_of(model, ids, mask, context_share=0.0, context_weight=0.3):
    """Cross entropy of the answers, and of a random share of the other tokens while copying is being learned."""
    weight = mask.clone()
    if context_share:
        real = (ids != CONFIG["pad_token_id"]) & (mask == 0)
        weight[real & (torch.rand_like(mask) < context_share)] = context_weight
    weight[:, 0] = 0
    hidden = model.hidden(ids[:, :-1])
    chosen = weight[:, 1:] > 0
    loss = F.cross_entropy(model.logits(hidden[chosen]), ids[:, 1:][chosen], reduction="none")
    w = weight[:, 1:][chosen]
    return (loss * w).sum() / w.sum()


@torch.no_grad()
def exact(model, encoder, count=40, seed=5):
    """Share of answers whose every token is the greedy one, by kind: greedy decoding would give the same."""
    rng, hits, all_ = random.Random(seed), {}, {}
    for n in range(count):
        lang = ("en", "zh")[n % 2]
        c = conversation(rng, task=("recall", "qa", "summary", "recall")[n // 2 % 4], lang=lang, heldout=True)
        ids, _, spans = encoder.conversation(c["system"], c["turns"])
        ids = torch.tensor([ids])
        best = model.logits(model.hidden(ids))[0].argmax(-1)
        for a, b, kind in spans:
            right = (best[a - 1:b - 1] == ids[0, a:b]).float()
            for key, value in ((kind + "-" + lang, right.all().item()), ("tokens", right.mean().item())):
                hits[key], all_[key] = hits.get(key, 0) + value, all_.get(key, 0) + 1
    return {k: round(hits[k] / all_[k], 2) for k in sorted(hits)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=3072, help="tokens per step")
    parser.add_argument("--lr", type=float, default=4e-3)
    parser.add_argument("--embedding-lr", type=float, default=3e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--decay", type=float, default=0.4, help="last share of the time, in which the rate falls to zero")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    args.run.mkdir(parents=True, exist_ok=True)
    encoder, model = Encoder(), Qwen2(CONFIG)
    print(sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    for layer in model.model.layers:
        layer.compile(dynamic=True)  # one compiled layer serves all; needs a C++ compiler, twice as fast
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() < 2 or "embed" in n]
    optimizers = [Muon(matrices, lr=args.lr, weight_decay=0.02),
                  torch.optim.AdamW(others, lr=args.embedding_lr, betas=(0.9, 0.95), weight_decay=0.0, fused=True)]
    rates, step, seen, before = [args.lr, args.embedding_lr], 0, 0, 0.0
    if args.resume:
        state = torch.load(args.run / "last.pt")
        model.load_state_dict(state["model"])
        for o, s in zip(optimizers, state["optimizers"]):
            o.load_state_dict(s)
        step, seen, before = state["step"], state["seen"], 1.0
    started = saved = time.time()
    passed = lambda: (time.time() - started) / (60 * args.minutes)
    stream = batches(random.Random(args.seed + step), encoder, lambda: max(before, passed()), args.tokens)

    def save():
        torch.save({"model": model.state_dict(), "optimizers": [o.state_dict() for o in optimizers], "step": step,
                    "seen": seen}, args.run / "new.pt")
        (args.run / "new.pt").replace(args.run / "last.pt")

    average = None
    while passed() < 1:
        ids, mask = next(stream)
        scale = min(1.0, (step + 1) / 60, max(0.02, (1 - passed()) / args.decay))
        for o, rate in zip(optimizers, rates):
            for g in o.param_groups:
                g["lr"] = rate * scale
        loss = loss_of(model, ids, mask, context_share=0.1 if max(before, passed()) < 0.1 else 0.0)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for o in optimizers:
            o.step()
            o.zero_grad()
        step, seen = step + 1, seen + ids.numel()
        average = loss.item() if average is None else 0.97 * average + 0.03 * loss.item()
        if step % 20 == 0:
            print(f"{step} {100 * passed():.1f}% loss {average:.4f} lr {scale:.2f} {seen / 1e6:.2f}M tokens "
                  f"{(time.time() - started):.0f}s", flush=True)
        if step % 250 == 0:
            print("   ", exact(model, encoder), flush=True)
        if time.time() - saved > 150:
            save()
            saved = time.time()
    save()
    print(exact(model, encoder, 200), flush=True)


if __name__ == "__main__":
    main()
