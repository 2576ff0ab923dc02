"""Makes the tokenizer's and the chat formats' golden data in src/test/resources/golden/tokenizer.

    python tokenizer_golden.py [--ranks qwen.tiktoken] [--official DIR] [--save-tokenizer DIR]

Needs tokenizers, transformers and tiktoken. The ranks are Qwen's own; without --ranks they are taken out of the
local Maven repository, where com.alibaba:dashscope-sdk-java, a test dependency, carries them as a resource.

strings.jsonl: per line a text and its ids by HuggingFace tokenizers, with the pre-tokenizers of Qwen ("qwen"),
of SmolLM2 ("digits") and of GPT-2 ("gpt2"), the latter two on the same merges and without a normalizer. All text is
ordinary text. Strings with half surrogate pairs are missing: Python cannot hand them to the reference.

tiny.jsonl: some of the same texts with the tokenizer.json of the tiny checkpoints that make_checkpoints.py wrote.

prompts.jsonl: per line a conversation and its prompt. Qwen 2.5 and Qwen 3 are rendered by transformers'
apply_chat_template. The templates here write the conversation part of the families' own templates (without tools);
--official DIR compares every prompt with the checkpoints' templates (DIR/qwen2.jinja, DIR/qwen3.jinja).
Qwen v1 has no template: its context is built here token by token on tiktoken.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import re
import unicodedata
import zipfile

import tiktoken
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from tiny_tokenizers import QWEN_PATTERN, byte_characters
from tokenizer_conversations import CONVERSATIONS, QWEN_V1_CONVERSATIONS
from tokenizer_strings import all_strings

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "golden" / "tokenizer"
JAR = ".m2/repository/com/alibaba/dashscope-sdk-java/2.22.13/dashscope-sdk-java-2.22.13.jar"
TINY = ("qwen2", "llama")
RANKS_SHA256 = "b2b1b8df"

# Qwen 3's tokens after <|endoftext|>; Qwen 2.5 has them up to <|file_sep|>.
CONTROL = (
    "<|endoftext|> <|im_start|> <|im_end|> <|object_ref_start|> <|object_ref_end|> <|box_start|> <|box_end|> "
    "<|quad_start|> <|quad_end|> <|vision_start|> <|vision_end|> <|vision_pad|> <|image_pad|> <|video_pad|> "
    "<tool_call> </tool_call> <|fim_prefix|> <|fim_middle|> <|fim_suffix|> <|fim_pad|> <|repo_name|> <|file_sep|> "
    "<tool_response> </tool_response> <think> </think>"
).split()
QWEN25_CONTROL = CONTROL[:22]
QWEN25_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
QWEN_SYSTEM = "You are a helpful assistant."

CHATML = """{%- for m in messages -%}
{%- if m.role == 'tool' -%}
{{- '' if not loop.first and loop.previtem.role == 'tool' else '<|im_start|>user' -}}
{{- '\n<tool_response>\n' + m.content + '\n</tool_response>' -}}
{{- '' if not loop.last and loop.nextitem.role == 'tool' else '<|im_end|>\n' -}}
{%- else -%}
{{- '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' -}}
{%- endif -%}
{%- endfor -%}
{{- '<|im_start|>assistant\n' -}}"""
TEMPLATES = {
    "qwen2": "{%- if messages[0].role != 'system' -%}{{- '<|im_start|>system\n"
    + QWEN25_SYSTEM
    + "<|im_end|>\n' -}}{%- endif -%}"
    + CHATML,
    "qwen3": CHATML + "{{- '<think>\n\n</think>\n\n' -}}",
}


def read_ranks(path):
    data = path.read_bytes() if path else zipfile.ZipFile(pathlib.Path.home() / JAR).read("qwen.tiktoken")
    assert hashlib.sha256(data).hexdigest().startswith(RANKS_SHA256), "not Qwen's ranks"
    return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in data.splitlines())}


def merge_of(token, rank, ranks):
    """The two parts that the merges of lower rank leave of a token."""
    parts = [bytes([b]) for b in token]
    while len(parts) > 2:
        candidates = [(ranks.get(parts[i] + parts[i + 1], rank), i) for i in range(len(parts) - 1)]
        best, i = min(candidates)
        assert best < rank, token
        parts[i : i + 2] = [parts[i] + parts[i + 1]]
    return parts


def bpe(ranks):
    character = byte_characters()

    def text(token):
        return "".join(character[b] for b in token)

    merges = [
        tuple(text(part) for part in merge_of(token, rank, ranks))
        for token, rank in sorted(ranks.items(), key=lambda item: item[1])
        if len(token) > 1
    ]
    return models.BPE({text(token): rank for token, rank in ranks.items()}, merges)


def tokenizer(model, family, control=()):
    result = Tokenizer(model)
    if family == "qwen":
        result.normalizer = normalizers.NFC()
        split = pre_tokenizers.Split(Regex(QWEN_PATTERN), behavior="isolated")
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        result.pre_tokenizer = pre_tokenizers.Sequence([split, byte_level])
    else:
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
        digits = pre_tokenizers.Digits(individual_digits=True)
        result.pre_tokenizer = byte_level if family == "gpt2" else pre_tokenizers.Sequence([digits, byte_level])
    result.decoder = decoders.ByteLevel()
    visible = {"<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>"}
    result.add_tokens([AddedToken(name, special=name not in visible, normalized=False) for name in control])
    return result


def string_lines(model, tiktoken_encoding):
    tokenizers = {family: tokenizer(model, family) for family in ("qwen", "digits", "gpt2")}
    for group, text in all_strings():
        ids = {family: t.encode(text, add_special_tokens=False).ids for family, t in tokenizers.items()}
        second = tiktoken_encoding.encode_ordinary(unicodedata.normalize("NFC", text))
        if second != ids["qwen"]:
            print("tiktoken differs:", group, ascii(text))
        yield {"group": group, "text": text, **ids}


def tiny_lines():
    tokenizers = {family: Tokenizer.from_file(str(OUTPUT.parent / family / "tokenizer.json")) for family in TINY}
    for group, text in all_strings()[::4]:
        if group not in ("control", "runs"):
            yield {"text": text, **{family: t.encode(text).ids for family, t in tokenizers.items()}}


class Renderer:
    """One family's template and tokenizer; the text of control tokens in messages stays text."""

    def __init__(self, name, model, template, names):
        self.ordinary = tokenizer(model, "qwen")
        self.template = template
        self.names = names
        self.tokenizer = PreTrainedTokenizerFast(tokenizer_object=tokenizer(model, "qwen", names))
        self.base = self.ordinary.get_vocab_size()

    def ids(self, messages):
        """Control tokens that the template writes are marked by private characters before it is rendered."""
        marked = self.template
        for i, name in enumerate(self.names):
            marked = marked.replace(name, chr(0xE000 + i))
        rendered = self.tokenizer.apply_chat_template(
            messages, chat_template=marked, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        ids = []
        for piece in re.split("([\ue000-\ue0ff])", rendered):
            control = len(piece) == 1 and 0xE000 <= ord(piece) <= 0xE0FF
            ids += [self.base + ord(piece) - 0xE000] if control else self.ordinary.encode(piece).ids
        if not any(name in m["content"] for m in messages for name in self.names):
            direct = self.tokenizer.apply_chat_template(
                messages,
                chat_template=self.template,
                add_generation_prompt=True,
                enable_thinking=False,
                return_dict=False,
            )
            assert direct == ids, messages
        return ids


def flatten(conversation, first_turn):
    messages = [] if conversation["system"] is None else [{"role": "system", "content": conversation["system"]}]
    for turn in conversation["history"][first_turn:]:
        messages += turn["query"] + [{"role": "assistant", "content": turn["answer"]}]
    return messages + conversation["query"]


def template_lines(family, model, names, official):
    renderer = Renderer(family, model, TEMPLATES[family], names)
    theirs = Renderer(family, model, official.joinpath(f"{family}.jinja").read_text(), names) if official else None
    for conversation in CONVERSATIONS:
        limit = conversation.get("max_tokens", 1 << 30)
        # Ours keeps the empty thoughts of earlier answers, so that the limit would count differently.
        if family == "qwen3" and "max_tokens" in conversation:
            continue
        for dropped in range(len(conversation["history"]) + 1):
            ids = renderer.ids(flatten(conversation, dropped))
            if len(ids) <= limit:
                break
        assert len(ids) <= limit, "max_tokens leaves no room for system and query"
        if theirs:
            assert theirs.ids(flatten(conversation, dropped)) == ids, (family, conversation)
        yield {"format": family, **conversation, "dropped": dropped, "ids": ids}


def qwen_v1_lines(encoding):
    """Role, line break and content are encoded apart; a turn is kept while it and what is kept stay below the window."""
    start, end = 151644, 151645
    newline = encoding.encode_ordinary("\n")

    def message(role, content):
        content = encoding.encode_ordinary(unicodedata.normalize("NFC", content))
        return [start, *encoding.encode_ordinary(role), *newline, *content, end]

    for conversation in QWEN_V1_CONVERSATIONS:
        system = QWEN_SYSTEM if conversation["system"] is None else conversation["system"]
        window = conversation.get("max_window_size", 6144)
        system_ids = message("system", system)
        kept = []
        dropped = len(conversation["history"])
        for turn in reversed(conversation["history"]):
            query = message("user", turn["query"][0]["content"])
            ids = newline + query + newline + message("assistant", turn["answer"])
            if len(system_ids) + len(ids) + len(kept) >= window:
                break
            kept = ids + kept
            dropped -= 1
        query = message("user", conversation["query"][0]["content"])
        header = [start, *encoding.encode_ordinary("assistant"), *newline]
        ids = system_ids + kept + newline + query + newline + header
        yield {"format": "qwen", **conversation, "max_window_size": window, "dropped": dropped, "ids": ids}


def write(name, lines):
    OUTPUT.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(line, separators=(",", ":")) for line in lines]
    (OUTPUT / name).write_text("\n".join(lines) + "\n")
    print(name, len(lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ranks", type=pathlib.Path)
    parser.add_argument("--official", type=pathlib.Path)
    parser.add_argument("--save-tokenizer", type=pathlib.Path, help="also write Qwen 3's tokenizer.json there")
    arguments = parser.parse_args()
    ranks = read_ranks(arguments.ranks)
    model = bpe(ranks)
    encoding = tiktoken.Encoding("qwen", pat_str=QWEN_PATTERN, mergeable_ranks=ranks, special_tokens={})
    write("strings.jsonl", string_lines(model, encoding))
    write("tiny.jsonl", tiny_lines())
    prompts = list(qwen_v1_lines(encoding))
    prompts += template_lines("qwen2", model, QWEN25_CONTROL, arguments.official)
    prompts += template_lines("qwen3", model, CONTROL, arguments.official)
    write("prompts.jsonl", prompts)
    if arguments.save_tokenizer:
        tokenizer(model, "qwen", CONTROL).save(str(arguments.save_tokenizer / "tokenizer.json"))


if __name__ == "__main__":
    main()
