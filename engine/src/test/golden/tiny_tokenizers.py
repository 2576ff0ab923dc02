"""Byte-level BPE tokenizers of 256 bytes and 40 merges, in the forms in which the families ship theirs."""

import base64
import json

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

MERGES = 40
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
QWEN_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEXT = [
    "The mill turns while the water runs, and the water runs to the sea.",
    "A user asks, the assistant answers; another user asks another question.",
    "system user assistant system user assistant",
    "水流不息，磨坊不停。水流不息，磨坊不停。",
]


def trained(family):
    tokenizer = Tokenizer(models.BPE())
    if family == "llama":
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
    else:
        tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(QWEN_PATTERN), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=256 + MERGES, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(TEXT, trainer)
    return tokenizer


def write(family, folder, chat_template):
    """tokenizer.json and tokenizer_config.json; returns the number of ids."""
    tokenizer = trained(family)
    tokenizer.add_special_tokens(CONTROL)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "Qwen2Tokenizer" if family != "llama" else "GPT2Tokenizer",
        "eos_token": CONTROL[2],
        "pad_token": CONTROL[0],
        "chat_template": chat_template,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n")
    return tokenizer.get_vocab_size()


def write_tiktoken(folder):
    """qwen.tiktoken as in Qwen v1: its 208 control tokens follow the ranks without being listed."""
    tokenizer = trained("qwen")
    byte_of = {c: b for b, c in byte_characters().items()}
    by_id = sorted((i, token) for token, i in tokenizer.get_vocab().items())
    lines = [f"{base64.b64encode(bytes(byte_of[c] for c in token)).decode()} {i}\n" for i, token in by_id]
    (folder / "qwen.tiktoken").write_text("".join(lines))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "QWenTokenizer"}, indent=2) + "\n")
    return len(by_id) + 208


def byte_characters():
    """The visible character by which byte-level BPE writes each byte: itself, or from U+0100 on in order."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in plain]
    return {b: chr(b) for b in plain} | {b: chr(0x100 + i) for i, b in enumerate(others)}
