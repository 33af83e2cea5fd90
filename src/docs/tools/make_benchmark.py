#!/usr/bin/env python3
"""Writes what compare_with_peft.py trains on where only time and memory matter: a model of a known shape with random weights,
and rows of about known lengths.

    pip install torch transformers
    python src/docs/tools/make_benchmark.py --shape qwen3-0.6b --tokenizer MODEL_FOLDER --out FOLDER
    python src/docs/tools/compare_with_peft.py --model FOLDER/model --train FOLDER/rows.jsonl --batch 4 --virtual-tokens 100

The tokenizer is taken from any Hugging Face folder whose vocabulary fits into the shape's. Rows are words that the tokenizer
knows as one token each; the first half of a row is its prompt, the second half its answer.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from transformers import AutoTokenizer, Qwen3Config, Qwen3ForCausalLM

SHAPES = {
    "qwen3-0.6b": lambda: Qwen3Config(
        vocab_size=151_936,
        hidden_size=1024,
        intermediate_size=3072,
        num_hidden_layers=28,
        num_attention_heads=16,
        num_key_value_heads=8,
        head_dim=128,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
    ),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=SHAPES, default="qwen3-0.6b")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder with a tokenizer")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=64)
    parser.add_argument("--shortest", type=int, default=64, help="tokens of the shortest row")
    parser.add_argument("--longest", type=int, default=192, help="tokens of the longest row")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def single_tokens(tokenizer):
    """Words that are one token each when they stand behind a blank."""
    words = (token[1:] for token in tokenizer.get_vocab() if token[:1] == "\u0120")
    plain = sorted(word for word in words if word.isascii() and word.isalpha() and word.islower() and 2 < len(word) < 9)
    return [word for word in plain if len(tokenizer(" " + word, add_special_tokens=False)["input_ids"]) == 1]


def rows(args, words):
    """Lengths are spread evenly, so that every batch pads about as much as any other. The end token is counted."""
    drawn = random.Random(args.seed)
    for number in range(args.rows):
        length = args.shortest + round((args.longest - args.shortest) * number / max(1, args.rows - 1))
        # Of the prompt's tokens, compare_with_peft.py's template brings two line breaks and "Answer:".
        prompt, answer = length // 2 - 4, length - length // 2 - 1
        text = [drawn.choice(words) for _ in range(prompt + answer)]
        yield {"instruction": text[0], "input": " ".join(text[1:prompt]), "output": " ".join(text[prompt:])}


def main():
    args = arguments()
    tokenizer = AutoTokenizer.from_pretrained(args.tokenizer)
    config = SHAPES[args.shape]()
    if len(tokenizer) > config.vocab_size:
        raise SystemExit(f"--tokenizer {args.tokenizer} knows {len(tokenizer)} tokens and {args.shape} has room for "
                         f"{config.vocab_size}; take another tokenizer")
    config.eos_token_id = tokenizer.eos_token_id
    torch.manual_seed(args.seed)
    model = Qwen3ForCausalLM(config)
    args.out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(args.out / "model")
    tokenizer.save_pretrained(args.out / "model")
    with open(args.out / "rows.jsonl", "w", encoding="utf-8") as file:
        for row in rows(args, single_tokens(tokenizer)):
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
