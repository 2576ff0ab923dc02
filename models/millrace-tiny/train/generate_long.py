"""Held-out reports that are longer than the training's, for ./millrace eval summaries.

python generate_long.py --out FILE [--times 2,8,32] [--sentences 30] [--count 6] [--seed 99]

A report of the training has 10 to 30 sentences. One of N times its length has 30 * N, or N times --sentences: 48 of them
fill a prompt of 512 tokens, which only one in a hundred conversations of the training exceeds. Paragraphs have 5. The eight facts
stand in their order through the document, each at least once in its place and, in longer ones, again around it: one
sentence in five is a fact, so that every part of the document has some of the facts and none has all. The reference is the list of all facts, as in
training. Values are held out as in generate_data.py.
"""
import argparse
import json
import random

import generate_data

FACTS = 8
SHARE = 0.2
PARAGRAPH = 5


def report(maker, sentences):
    r, t = maker.rng, maker.t
    keys = sorted(r.sample(range(len(t.KEY)), FACTS))
    values = {}
    facts = [maker.fill(r.choice(t.KEY[k]), values) for k in keys]
    zone = sentences // FACTS
    told = {k * zone + r.randrange(zone): k for k in range(FACTS)}
    body = []
    for i in range(sentences):
        if i not in told and r.random() < SHARE - FACTS / sentences:
            told[i] = min(FACTS - 1, max(0, i // zone + r.choice((-1, 0, 0, 1))))
        if i in told:
            fact, lead = facts[told[i]], r.choice(t.LEADS)
            body.append(lead + fact if lead else fact[0].upper() + fact[1:])
        else:
            body.append(maker.fill(r.choice(t.FILLER), {}))
    paragraphs = [t.SPACE.join(body[i : i + PARAGRAPH]) for i in range(0, len(body), PARAGRAPH)]
    reference = t.SUMMARY_HEAD + "".join(t.SUMMARY_ITEM + f[0].upper() + f[1:] for f in facts)
    return "\n\n".join(paragraphs), reference


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--times", default="2,8,32")
    parser.add_argument("--sentences", type=int, default=30)
    parser.add_argument("--count", type=int, default=6)
    parser.add_argument("--seed", type=int, default=99)
    args = parser.parse_args()
    with open(args.out, "w", encoding="utf-8") as out:
        for times in map(int, args.times.split(",")):
            for lang in ("en", "zh"):
                for n in range(args.count):
                    rng = random.Random(f"{args.seed} {times} {lang} {n}")
                    text, reference = report(generate_data.Maker(lang, rng, heldout=True), args.sentences * times)
                    row = {"id": f"{times}x-{lang}-{n}", "group": f"{times}x {lang}", "text": text, "reference": reference}
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
