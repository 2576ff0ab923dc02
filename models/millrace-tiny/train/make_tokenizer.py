"""Cuts Qwen's byte-pair ranks down to a small vocabulary and writes it in HuggingFace's and in tiktoken's form.

Kept, in Qwen's order and with consecutive new ids: the 256 bytes, the first --base ranks, the words that the training
data uses most, and single Chinese characters (never Chinese words: so a value has the same tokens wherever it stands).
A token is kept together with the two parts that it is merged from, so the cut is itself a byte-pair vocabulary.
"""
import argparse
import base64
import collections
import json
import random
import unicodedata
import zipfile
from pathlib import Path

import tiktoken
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from generate_data import DEFAULT_SYSTEM, conversation
from lexicon import ZH

PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
           r"|\s*[\r\n]+|\s+(?!\S)|\s+")
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
CHAT_TEMPLATE = (
    "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}"
    "{{ '<|im_start|>system\\n" + DEFAULT_SYSTEM + "<|im_end|>\\n' }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")


def read_ranks(path):
    """Ranks from a tiktoken file, or from the jar that carries it as a resource."""
    data = zipfile.ZipFile(path).read("qwen.tiktoken") if path.suffix == ".jar" else path.read_bytes()
    pairs = (line.split() for line in data.splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def parts(ranks, token):
    """The two parts whose merge makes the token, using only merges of lower rank."""
    limit, pieces = ranks[token], [bytes([b]) for b in token]
    while len(pieces) > 2:
        candidates = [(ranks.get(a + b, limit), i) for i, (a, b) in enumerate(zip(pieces, pieces[1:]))]
        rank, i = min(candidates)
        if rank >= limit:
            return None
        pieces[i:i + 2] = [pieces[i] + pieces[i + 1]]
    return tuple(pieces)


def is_single_character(token):
    try:
        return len(token.decode()) == 1
    except UnicodeDecodeError:
        return False


def choose(ranks, base, size, seed=7, samples=6000):
    """The kept tokens: closed under `parts`."""
    full = tiktoken.Encoding("full", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={})
    rng = random.Random(seed)
    used, characters = collections.Counter(), collections.Counter(ch for v in ZH.values() for w in v for ch in w)
    for _ in range(samples):
        c = conversation(rng)
        for text in [c["system"] or ""] + [part for turn in c["turns"] for part in turn[:2]]:
            used.update(t for t in full.encode_ordinary(text))
            characters.update(ch for ch in text if ord(ch) > 127)
    kept = set()

    def keep(token):
        if token in kept:
            return
        if len(token) > 1:
            both = parts(ranks, token)
            if both is None:
                return
            for part in both:
                keep(part)
        kept.add(token)

    for token, rank in ranks.items():
        if len(token) == 1 or rank < 256 + base:
            keep(token)
    for ch in characters:
        if ch.encode() in ranks:
            keep(ch.encode())
    decode = full.decode_single_token_bytes
    for token_id, _ in used.most_common():
        token = decode(token_id)
        if len(kept) < size and (token.isascii() or is_single_character(token)):
            keep(token)
    return sorted(kept, key=ranks.get)


def byte_to_unicode():
    """GPT-2's printable stand-ins for the 256 bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in plain]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


def write(tokens, out):
    ranks = {token: i for i, token in enumerate(tokens)}
    table = byte_to_unicode()
    show = lambda token: "".join(table[b] for b in token)
    merges = [tuple(show(p) for p in parts(ranks, t)) for t in tokens if len(t) > 1]
    tokenizer = Tokenizer(models.BPE(vocab={show(t): i for t, i in ranks.items()}, merges=merges))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in CONTROL])
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(out / "tokenizer.json"))
    lines = [base64.b64encode(t).decode() + f" {i}\n" for t, i in ranks.items()]
    (out / "millrace-tiny.tiktoken").write_text("".join(lines))
    first = len(tokens)
    config = {
        "tokenizer_class": "Qwen2Tokenizer", "add_prefix_space": False, "clean_up_tokenization_spaces": False,
        "default_system": DEFAULT_SYSTEM, "bos_token": None, "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "unk_token": None,
        "model_max_length": 4096, "errors": "replace", "split_special_tokens": False,
        "additional_special_tokens": ["<|im_start|>", "<|im_end|>"], "chat_template": CHAT_TEMPLATE,
        "added_tokens_decoder": {str(first + i): {"content": t, "lstrip": False, "normalized": False, "rstrip": False,
                                                  "single_word": False, "special": True} for i, t in enumerate(CONTROL)},
    }
    (out / "tokenizer_config.json").write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n")
    return ranks, tokenizer


def check(ranks, tokenizer, samples=3000):
    """Both forms must give the same ids, and Chinese characters one token each; prints the cost of the text."""
    small = tiktoken.Encoding("small", pat_str=PATTERN, mergeable_ranks=ranks,
                              special_tokens={t: len(ranks) + i for i, t in enumerate(CONTROL)})
    rng = random.Random(99)
    cost = collections.defaultdict(lambda: [0, 0])
    for _ in range(samples):
        c = conversation(rng, heldout=True)
        for text in [part for turn in c["turns"] for part in turn[:2]]:
            ids = tokenizer.encode(text, add_special_tokens=False).ids
            assert ids == small.encode_ordinary(unicodedata.normalize("NFC", text)), text
            assert tokenizer.decode(ids) == text
            cost[c["lang"]][0] += len(text)
            cost[c["lang"]][1] += len(ids)
    for lang, (chars, ids) in sorted(cost.items()):
        print(f"{lang}: {chars / ids:.2f} characters per token")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ranks", type=Path, required=True, help="qwen.tiktoken, or dashscope-sdk-java-2.22.13.jar")
    parser.add_argument("--base", type=int, default=1000)
    parser.add_argument("--size", type=int, default=3069, help="tokens without the three control tokens")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "checkpoint")
    args = parser.parse_args()
    all_ranks = read_ranks(args.ranks)
    tokens = choose(all_ranks, args.base, args.size)
    print(len(tokens), "tokens and", len(CONTROL), "control tokens")
    check(*write(tokens, args.out))


if __name__ == "__main__":
    main()
