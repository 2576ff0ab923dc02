"""Measures the built-in model on the held-out conversations.

python evaluate.py                              fp32, through transformers
python evaluate.py --w8a8                       the same with simulated int8 weights and activations
python evaluate.py --answers FILE               scores answers made by any engine

FILE holds one JSON object a line: {"id": conversation, "turn": index from 0, "text": answer}. An engine makes them by
sending each conversation's user messages turn by turn, its own answers standing in the history, greedy, with the
conversation's system message. Answers written here with --save have the same form.
"""
import argparse
import json
import re
import time
from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer

from encoding import CHECKPOINT

HELDOUT = CHECKPOINT.parent / "eval" / "heldout.jsonl"
LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "lm_head")


class Words:
    """Tokens for Rouge: words of ASCII letters and digits, and every other letter by itself."""

    def tokenize(self, text):
        return re.findall(r"[a-z0-9]+|[^\W\x00-\x7f]", text.lower())


def rouge_l(reference, answer):
    return RougeScorer(["rougeL"], tokenizer=Words()).score(reference, answer)["rougeL"].fmeasure


def quantise(weight):
    """Symmetric int8 with one scale per row (the output channel), given back as fp32."""
    scale = weight.abs().amax(-1, keepdim=True).clamp(min=1e-12) / 127
    return (weight / scale).round().clamp(-127, 127) * scale


def simulate_w8a8(model):
    """Int8 weights per output channel, int8 activations with one scale per row."""
    import torch
    with torch.no_grad():
        embedding = quantise(model.get_input_embeddings().weight.detach().clone())
        model.get_input_embeddings().weight.copy_(embedding)
        for name, module in model.named_modules():
            if name.endswith(LINEAR):
                module.weight.copy_(quantise(module.weight.detach().clone()))
                module.register_forward_pre_hook(lambda _, args: (quantise(args[0]),))


class Greedy:
    """Greedy decoding turn by turn over one cache.

    The reference answer is offered as a draft: where every token of it is the model's own choice it is the answer;
    otherwise the answer is decoded token by token from the first difference. The result is plain greedy decoding's.
    """

    def __init__(self, encoder, model):
        self.encoder, self.model = encoder, model

    def start(self, system):
        self.ids, self.cache, self.pending = [], None, []
        if system is not None:
            self.pending = self.encoder.message("system", system)

    def agrees(self, system, turns):
        """Whether greedy decoding gives every reference answer of a conversation, by one pass over all of it."""
        import torch
        ids, _, spans = self.encoder.conversation(system, turns)
        with torch.no_grad():
            best = self.model(torch.tensor([ids]), use_cache=False).logits[0].argmax(-1).tolist()
        return all(best[a - 1:b - 1] == ids[a:b] for a, b, _ in spans)

    def forward(self, ids):
        import torch
        with torch.no_grad():
            out = self.model(torch.tensor([ids]), past_key_values=self.cache, use_cache=True)
        self.cache = out.past_key_values
        return out.logits[0].argmax(-1).tolist()

    def answer(self, user, draft, limit=320):
        e = self.encoder
        prompt = self.pending + e.message("user", user) + e.opening()
        body = [*e.text(draft), e.end]
        best = self.forward(prompt + body)[len(prompt) - 1:]
        agreed = next((i for i, token in enumerate(body) if best[i] != token), len(body))
        out = body[:agreed]
        if agreed < len(body):
            self.cache.crop(agreed - len(body))
            token = best[agreed]
            while token not in (e.end, e.end_of_text) and len(out) < limit:
                out.append(token)
                token = self.forward([token])[-1]
            self.pending = [e.end, *e.newline]
        else:
            self.pending = list(e.newline)
        return e.tokenizer.decode([t for t in out if t != e.end])


def read(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def load(checkpoint, w8a8, threads):
    import torch
    from transformers import AutoModelForCausalLM

    from encoding import Encoder
    torch.set_num_threads(threads)
    model = AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32).eval()
    if w8a8:
        simulate_w8a8(model)
    return Greedy(Encoder(checkpoint / "tokenizer.json"), model)


def run(greedy, conversations):
    answers = []
    for c in conversations:
        turns = [(t["user"], t["answer"], t["kind"]) for t in c["turns"]]
        agrees = greedy.agrees(c["system"], turns)
        greedy.start(c["system"])
        for n, (user, answer, _) in enumerate(turns):
            answers.append({"id": c["id"], "turn": n, "text": answer if agrees else greedy.answer(user, answer)})
    return answers


def report(conversations, answers):
    """Per kind and language: exact answers, and Rouge-L for summaries."""
    given = {(a["id"], a["turn"]): a["text"] for a in answers}
    scores, wrong = {}, []
    for c in conversations:
        for n, turn in enumerate(c["turns"]):
            text = given.get((c["id"], n), "").strip()
            exact = float(text == turn["answer"])
            rouge = rouge_l(turn["answer"], text) if turn["kind"] == "summary" else None
            for lang in (c["lang"], "both"):
                scores.setdefault((turn["kind"], lang), []).append((exact, rouge))
            if not exact:
                wrong.append((c["id"], n, turn["answer"], text))
    print("| kind | language | answers | exact | Rouge-L |\n| --- | --- | --- | --- | --- |")
    for (kind, lang), rows in sorted(scores.items()):
        rouge = f"{sum(r for _, r in rows) / len(rows):.3f}" if rows[0][1] is not None else ""
        print(f"| {kind} | {lang} | {len(rows)} | {100 * sum(e for e, _ in rows) / len(rows):.1f} % | {rouge} |")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    parser.add_argument("--heldout", type=Path, default=HELDOUT)
    parser.add_argument("--w8a8", action="store_true")
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--limit", type=int, help="only every n-th conversation, so that about this many remain")
    parser.add_argument("--wrong", type=int, default=0, help="print this many wrong answers")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    conversations = read(args.heldout)
    if args.limit:
        conversations = conversations[::max(1, len(conversations) // args.limit)]
    started = time.time()
    if args.answers:
        answers = read(args.answers)
    else:
        answers = run(load(args.checkpoint, args.w8a8, args.threads), conversations)
    if args.save:
        args.save.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in answers), encoding="utf-8")
    wrong = report(conversations, answers)
    print(f"{len(answers)} answers in {time.time() - started:.0f} s")
    for conversation, turn, expected, text in wrong[:args.wrong]:
        print(f"{conversation} turn {turn}\n  expected {expected!r}\n  answered {text!r}")


if __name__ == "__main__":
    main()
