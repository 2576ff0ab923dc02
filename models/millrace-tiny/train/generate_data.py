"""Conversations for training and for the held-out set: every one is made from templates, lists and a seed.

python generate_data.py --show 3        prints samples
python generate_data.py --heldout FILE  writes the held-out set
"""
import argparse
import json
import random
import re

import templates_en
import templates_zh
from lexicon import Lexicon

TEMPLATES = {"en": templates_en, "zh": templates_zh}
DEFAULT_SYSTEM = "You are Millrace Tiny, a helpful assistant."
SLOT = re.compile(r"\{(\w+)((?:\.\w)?)\}")


class Maker:
    """Makes the conversations of one language and one split."""

    def __init__(self, lang, rng, heldout=False, words=None):
        self.lang, self.rng, self.t = lang, rng, TEMPLATES[lang]
        self.lex = Lexicon(lang, rng, heldout, words)

    def fill(self, text, values):
        """Fills the slots of one text; a slot keeps its value within one dictionary and differs from its siblings."""
        def draw(match):
            slot = match.group(1) + match.group(2)
            while slot not in values:
                value = self.rng.choice(self.t.ADJ) if match.group(1) == "adj" else self.lex.get(match.group(1))
                if value not in values.values() or match.group(1) in ("small", "adj"):
                    values[slot] = value
            return values[slot]
        return SLOT.sub(draw, text)

    def chat(self):
        users, answer = self.rng.choice(self.t.CHAT)
        return self.rng.choice(users), answer

    def system(self):
        p = self.rng.random()
        return DEFAULT_SYSTEM if p < 0.7 else None if p < 0.8 else self.rng.choice(self.t.SYSTEMS)

    def answer_of(self, fact, value):
        return self.t.FACTS[fact][2].format(value)

    def tell(self, facts, values):
        """A turn that states some facts, and its acknowledgement."""
        r, t = self.rng, self.t
        stated = [r.choice(t.FACTS[f][1]).format(values[f]) for f in facts]
        opener = r.choice(t.OPENERS)
        if opener.endswith(t.LOWER_AFTER) and not stated[0].startswith("I "):
            stated[0] = stated[0][0].lower() + stated[0][1:]
        rest = [s if s.startswith("I ") or self.lang == "zh" else s[0].lower() + s[1:] for s in stated[1:]]
        if len(facts) > 1 and r.random() < 0.5:
            text = t.STOP.join([stated[0]] + [t.SPACE + s for s in stated[1:]])
        else:
            text = t.JOIN.join([stated[0]] + rest)
        text = opener + text + (t.STOP if r.random() < 0.9 else "")
        echoes = [t.ACK_NAME.format(values["name"])] if "name" in facts else [t.ACK]
        echoes += [self.answer_of(f, values[f]) for f in facts if f != "name"]
        return text, t.SPACE.join(echoes)

    def ask(self, facts, values):
        r, t = self.rng, self.t
        known = [f for f in facts if f in values]
        asked = t.SPACE.join(r.choice(t.FACTS[f][3]) for f in facts)
        answer = t.SPACE.join(self.answer_of(f, values[f]) for f in known) if known else t.UNKNOWN
        return r.choice(t.ASK_OPENERS) + asked, answer

    def recall(self, fact_count=None, chit_chat=0.35, unknown=0.06):
        r, t = self.rng, self.t
        names = r.sample(list(t.FACTS), fact_count or r.randint(2, 6))
        if "name" not in names and r.random() < 0.6:
            names[0] = "name"
        if r.random() < 0.5 and "name" in names:
            names.remove("name")
            names.insert(0, "name")
        values, turns, told = {}, [], {}
        for f in names:
            while f not in values:
                value = self.lex.get(t.FACTS[f][0])
                if value not in values.values():
                    values[f] = value
        waiting, asked = list(names), []
        while waiting:
            if r.random() < chit_chat:
                turns.append((*self.chat(), "greeting"))
            group = [waiting.pop(0) for _ in range(min(len(waiting), r.choice((1, 1, 2, 3))))]
            turns.append((*self.tell(group, values), "tell"))
            told.update({f: values[f] for f in group})
            if waiting and r.random() < 0.3:
                f = r.choice(list(told))
                asked.append(f)
                turns.append((*self.ask([f], told), "recall"))
        order = r.sample(names, len(names))
        while order:
            if r.random() < chit_chat * 0.6:
                turns.append((*self.chat(), "greeting"))
            if r.random() < unknown:
                missing = [f for f in t.FACTS if f not in told]
                turns.append((*self.ask([r.choice(missing)], told), "unknown"))
            group = [order.pop() for _ in range(min(len(order), r.choice((1, 1, 1, 1, 2))))]
            turns.append((*self.ask(group, told), "recall"))
        return turns

    def paragraph(self):
        r = self.rng
        sentences, questions = r.choice(self.t.PARAGRAPHS)
        values = {}
        text = self.t.SPACE.join(self.fill(s, values) for s in sentences)
        chosen = r.sample(questions, min(len(questions), r.randint(2, 5)))
        turns = []
        for asked, answer in chosen:
            question = self.fill(r.choice(asked), values)
            if not turns:
                question = r.choice(self.t.READ).format(text, question)
            turns.append((question, self.fill(answer, values), "qa"))
            if r.random() < 0.08:
                turns.append((*self.chat(), "greeting"))
        return turns

    def report(self, low=10, high=30):
        r, t = self.rng, self.t
        count = r.randint(low, high)
        keys = sorted(r.sample(range(len(t.KEY)), min(max(2, count // 3 + r.randint(-1, 2)), 8)))
        fillers = max(0, count - len(keys))
        values, facts, body = {}, [], []
        slots = sorted(r.sample(range(len(keys) + fillers), len(keys)))
        for position in range(len(keys) + fillers):
            if position in slots:
                fact = self.fill(r.choice(t.KEY[keys[len(facts)]]), values)
                lead = r.choice(t.LEADS)
                fact_upper = fact[0].upper() + fact[1:]
                facts.append(fact_upper)
                body.append(lead + fact if lead else fact_upper)
            else:
                body.append(self.fill(r.choice(t.FILLER), {}))
        answer = t.SUMMARY_HEAD + "".join(t.SUMMARY_ITEM + f for f in facts)
        turns = [(r.choice(t.SUMMARIZE).format(t.SPACE.join(body)), answer, "summary")]
        if r.random() < 0.2:
            turns.append((*self.chat(), "greeting"))
        return turns

    def greetings(self):
        return [(*self.chat(), "greeting") for _ in range(self.rng.randint(2, 5))]


def conversation(rng, task=None, lang=None, heldout=False, stage=1.0, words=None):
    """One conversation; stage goes from 0 (short and simple) to 1 (everything at full length)."""
    lang = lang or rng.choice(("en", "zh"))
    maker = Maker(lang, rng, heldout, words)
    weights = (5, 3, 0.5 + 4 * stage, 0.5)
    task = task or rng.choices(("recall", "qa", "summary", "greeting"), weights)[0]
    if task == "recall":
        turns = maker.recall(None if rng.random() < stage else rng.randint(1, 3), 0.35 * stage)
    elif task == "qa":
        turns = maker.paragraph()
    elif task == "summary":
        high = max(5, int(30 * stage))
        turns = maker.report(10 if heldout else 3, high)
    else:
        turns = maker.greetings()
    return {"task": task, "lang": lang, "system": maker.system(), "turns": turns}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--heldout")
    parser.add_argument("--seed", type=int, default=4242)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    for _ in range(args.show):
        for task in ("recall", "qa", "summary", "greeting"):
            for lang in ("en", "zh"):
                print(json.dumps(conversation(rng, task, lang), ensure_ascii=False, indent=1))
    if args.heldout:
        with open(args.heldout, "w", encoding="utf-8") as out:
            for task, count in (("recall", 60), ("qa", 50), ("summary", 40), ("greeting", 10)):
                for lang in ("en", "zh"):
                    for n in range(count):
                        c = conversation(rng, task, lang, heldout=True)
                        c["system"] = DEFAULT_SYSTEM
                        turns = [{"user": u, "answer": a, "kind": k} for u, a, k in c["turns"]]
                        row = {"id": f"{task}-{lang}-{n:03d}", **c, "turns": turns}
                        out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
