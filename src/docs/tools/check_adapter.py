#!/usr/bin/env python3
"""Loads an adapter folder with stock PEFT and prints what the base model does with it.

    pip install torch transformers peft
    python check_adapter.py BASE_MODEL_FOLDER ADAPTER_FOLDER --prompt "Tweet text : ... Label : "

Compare the generated tokens with those of `trainer generate` for the same folders and prompt, without sampling. It reads
adapters for language models, causal ones and those with an encoder and a decoder, LoRA in the folder "lora" of a prompt's folder
included, and computes in float32 on the CPU.
"""

import argparse
import os

import torch
from peft import PeftModel, get_peft_model_state_dict
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", help="folder of the base model")
    parser.add_argument("adapter", help="folder with adapter_config.json and adapter_model.safetensors")
    parser.add_argument("--prompt", default="Tweet text : I can't log in. Label : ", help="text to continue")
    parser.add_argument("--max-new-tokens", type=int, default=20, help="tokens to generate at most")
    parser.add_argument("--logits", type=int, default=5, help="how many of the likeliest next tokens to print")
    parser.add_argument("--task", type=int, help="number of the task, of an adapter for several (multitask prompt tuning)")
    parser.add_argument("--no-special-tokens", action="store_true", help="add no beginning-of-text token to the prompt")
    return parser.parse_args()


def main():
    args = arguments()
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    seq2seq = AutoConfig.from_pretrained(args.base).is_encoder_decoder
    kind = AutoModelForSeq2SeqLM if seq2seq else AutoModelForCausalLM
    base = kind.from_pretrained(args.base, dtype=torch.float32)
    additions = os.path.join(args.adapter, "lora")
    if os.path.isdir(additions):
        # A prompt with LoRA: the prompt stands in front of the model that LoRA was merged into.
        base = PeftModel.from_pretrained(base, additions).merge_and_unload()
    model = PeftModel.from_pretrained(base, args.adapter).eval()

    config = model.active_peft_config
    print("peft type         ", config.peft_type.value)
    print("virtual tokens    ", getattr(config, "num_virtual_tokens", "none"))
    print("adapter parameters", sum(t.numel() for t in get_peft_model_state_dict(model).values()))

    inputs = tokenizer(args.prompt, return_tensors="pt", add_special_tokens=not args.no_special_tokens)
    inputs = {name: inputs[name] for name in ("input_ids", "attention_mask")}
    print("prompt tokens     ", inputs["input_ids"][0].tolist())
    if args.task is not None:
        inputs["task_ids"] = torch.tensor([args.task])

    with torch.no_grad():
        output = model(**inputs, labels=inputs["input_ids"])
        print(f"loss of the prompt {output.loss.item():.6f}")
        logits, ids = output.logits[0, -1].topk(args.logits)
        for logit, token in zip(logits.tolist(), ids.tolist()):
            print(f"  next token {token:6d} logit {logit:10.5f} {tokenizer.decode([token])!r}")
        # With a cache, some versions of PEFT and transformers leave a prefix out without a word; the loss above has it.
        cached = config.peft_type.value != "PREFIX_TUNING"
        generated = model.generate(
            **inputs, max_new_tokens=args.max_new_tokens, do_sample=False, num_beams=1, use_cache=cached)

    # Some methods hand back the prompt's tokens before the new ones and some do not.
    before = [base.config.decoder_start_token_id] if seq2seq else inputs["input_ids"][0].tolist()
    tokens = generated[0].tolist()
    new = tokens[len(before):] if tokens[:len(before)] == before else tokens
    print("generated tokens  ", new)
    print("generated         ", tokenizer.decode(new, skip_special_tokens=True))


if __name__ == "__main__":
    main()
