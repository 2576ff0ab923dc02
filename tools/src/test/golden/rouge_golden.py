"""Golden values of Google's rouge_score for RougeTest: python rouge_golden.py

Needs rouge_score. English is scored with its own tokenizer, other texts with words of a-z and digits and every other
letter by itself; on English the two agree, which is checked here.
"""

import json
import pathlib
import random
import re

from rouge_score.rouge_scorer import RougeScorer

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "golden" / "rouge.jsonl"
TYPES = ["rouge1", "rouge2", "rougeL"]
ENGLISH = "the bridge in Paris was opened in 1987. The main problem was bad weather; the plan is 3 weeks late!".split()
CHINESE = "这座桥在一九八七年开放，项目负责人是王伟。总费用为300万元；资金来自银行！"
MIXED = ["Qwen", "模型", "é", "naïve", "Ünïcödé", "数据", "42", "ß", "的", "x-ray", "日本語", "한국"]


class Words:
    def tokenize(self, text):
        return re.findall(r"[a-z0-9]+|[^\W_\x00-\x7f]", text.lower())


def pairs():
    rng = random.Random(5)
    fixed = [
        ("", ""), ("a", ""), ("", "b"), ("one two three", "one two three"), ("one two three", "three two one"),
        ("police killed the gunman", "police kill the gunman"), ("...", "!!"), ("它很老。", "它很老。"),
    ]  # fmt: skip
    for reference, text in fixed:
        yield reference, text
    for _ in range(30):
        yield " ".join(rng.choices(ENGLISH, k=rng.randint(1, 40))), " ".join(rng.choices(ENGLISH, k=rng.randint(1, 40)))
    for _ in range(20):
        yield "".join(rng.choices(CHINESE, k=rng.randint(1, 60))), "".join(rng.choices(CHINESE, k=rng.randint(1, 60)))
    for _ in range(15):
        yield " ".join(rng.choices(MIXED, k=rng.randint(1, 20))), "".join(rng.choices(MIXED, k=rng.randint(1, 20)))


def main():
    own, words = RougeScorer(TYPES), RougeScorer(TYPES, tokenizer=Words())
    with OUT.open("w", encoding="utf-8") as out:
        for reference, text in pairs():
            score = words.score(reference, text)
            if (reference + text).isascii():
                assert score == own.score(reference, text)
            values = {name: [score[name].precision, score[name].recall, score[name].fmeasure] for name in TYPES}
            out.write(json.dumps({"reference": reference, "text": text, **values}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
