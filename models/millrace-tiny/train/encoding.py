"""Conversations to token ids, ChatML as Qwen2 writes it; control tokens only ever as ids."""
from pathlib import Path

from tokenizers import Tokenizer

CHECKPOINT = Path(__file__).parent.parent / "checkpoint"


class Encoder:
    def __init__(self, path=CHECKPOINT / "tokenizer.json"):
        self.tokenizer = Tokenizer.from_file(str(path))
        self.end_of_text, self.start, self.end = (
            self.tokenizer.token_to_id(t) for t in ("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
        self.newline = self.text("\n")

    def text(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def message(self, role, content):
        return [self.start, *self.text(role + "\n" + content), self.end, *self.newline]

    def opening(self, role="assistant"):
        return [self.start, *self.text(role + "\n")]

    def conversation(self, system, turns):
        """Ids, a mask of the supervised ones (answers with their end), and each answer's span."""
        ids = self.message("system", system) if system is not None else []
        mask, spans = [0] * len(ids), []
        for user, answer, kind in turns:
            prefix = self.message("user", user) + self.opening()
            body = [*self.text(answer), self.end]
            spans.append((len(ids) + len(prefix), len(ids) + len(prefix) + len(body), kind))
            ids += prefix + body + self.newline
            mask += [0] * len(prefix) + [1] * len(body) + [0] * len(self.newline)
        return ids, mask, spans
