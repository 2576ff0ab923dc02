"""Writes examples/conversations.jsonl: held-out conversations that the model answers right in fp32 and in simulated
W8A8, their turns interleaved as a stream would bring them.

python make_examples.py
"""
import argparse
import json
import random
from pathlib import Path

from encoding import CHECKPOINT
from evaluate import load
from generate_data import DEFAULT_SYSTEM, conversation

OUT = CHECKPOINT.parents[2] / "examples" / "conversations.jsonl"
WANTED = [("recall", "en", 4), ("recall", "zh", 3), ("qa", "en", 3), ("qa", "zh", 2), ("summary", "en", 2),
          ("summary", "zh", 2), ("greeting", "en", 1), ("greeting", "zh", 1)]
SEED = 2026


def expected(answer):
    """The telling part of an answer: a summary's last fact, otherwise the whole."""
    return answer.splitlines()[-1].removeprefix("- ")


def with_company(rng, c):
    """A summary stands between a greeting and thanks, so that it too has three turns."""
    en = c["lang"] == "en"
    before = ("Hello!", "Hello! How can I help you?") if en else ("你好！", "你好！有什么可以帮你？")
    after = ("Thank you!", "You are welcome.") if en else ("谢谢！", "不客气。")
    return {**c, "turns": [(*before, "greeting"), c["turns"][0], (*after, "greeting")]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    args = parser.parse_args()
    rng = random.Random(SEED)
    engines = [load(args.checkpoint, w8a8, 1) for w8a8 in (False, True)]
    chosen = []
    for task, lang, count in WANTED:
        found, tried = 0, 0
        while found < count and tried < 60:
            tried += 1
            c = {**conversation(rng, task, lang, heldout=True), "system": DEFAULT_SYSTEM}
            if task == "summary":
                c = with_company(rng, c)
            if 3 <= len(c["turns"]) <= 5 and all(g.agrees(c["system"], c["turns"]) for g in engines):
                found += 1
                chosen.append((f"{task}-{lang}-{found}", c))
        print(task, lang, found, "of", tried, flush=True)
    queues = [(name, [dict(zip(("user", "answer"), t)) for t in c["turns"]]) for name, c in chosen]
    rng.shuffle(queues)
    lines = []
    for n in range(max(len(turns) for _, turns in queues)):
        for name, turns in queues:
            if n < len(turns):
                lines.append({"conversation_id": name, "request_id": f"{name}-turn-{n + 1}", "text": turns[n]["user"],
                              "expected": expected(turns[n]["answer"])})
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    print(len(queues), "conversations,", len(lines), "turns")


if __name__ == "__main__":
    main()
