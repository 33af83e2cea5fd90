"""PEFT's side of compare_with_peft.py: one training, written as PEFT's users write it. Not to be called by hand.

Rows are tokenized before the first step and padded to the longest of their batch, or to --pad-to. A step is everything from
there to the optimizer's end.
"""

import json
import random
import resource
import statistics
import sys
import time
from types import SimpleNamespace

import peft
import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, get_linear_schedule_with_warmup

IGNORED = -100


def method(settings, hidden_size):
    if settings.method == "lora":
        return peft.LoraConfig(task_type=peft.TaskType.CAUSAL_LM, r=settings.rank, lora_alpha=2 * settings.rank)
    common = {"task_type": peft.TaskType.CAUSAL_LM, "num_virtual_tokens": settings.virtual_tokens}
    if settings.method == "prompt-text":
        return peft.PromptTuningConfig(
            **common,
            prompt_tuning_init=peft.PromptTuningInit.TEXT,
            prompt_tuning_init_text=settings.init_text,
            tokenizer_name_or_path=settings.model,
        )
    if settings.method == "ptuning":
        return peft.PromptEncoderConfig(**common, encoder_hidden_size=hidden_size // 2)
    if settings.method == "prefix":
        return peft.PrefixTuningConfig(**common)
    return peft.PrefixTuningConfig(**common, prefix_projection=True, encoder_hidden_size=hidden_size)


def encoded(path, tokenizer, max_length):
    """Token ids and labels of each row; the answer ends with the end token and is all that is learned."""
    rows = []
    with open(path, encoding="utf-8") as file:
        for row in map(json.loads, filter(str.strip, file)):
            answer = tokenizer(" " + row["output"], add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
            prompt = tokenizer(f"{row['instruction']}\n{row['input']}\nAnswer:")["input_ids"]
            # As the trainer does: a row that is too long loses the beginning of its prompt.
            prompt = prompt[max(0, len(prompt) + len(answer) - max_length) :]
            rows.append((prompt + answer, [IGNORED] * len(prompt) + answer))
    return rows


def padded(rows, pad_token, pad_to=0):
    longest = max(pad_to, max(len(ids) for ids, _ in rows))

    def filled(lists, value):
        return torch.tensor([items + [value] * (longest - len(items)) for items in lists])

    return {
        "input_ids": filled([ids for ids, _ in rows], pad_token),
        "attention_mask": filled([[1] * len(ids) for ids, _ in rows], 0),
        "labels": filled([labels for _, labels in rows], IGNORED),
    }


def batches(rows, settings):
    """Endless; every epoch is shuffled anew, and with group_by_length fifty batches at a time are sorted by length."""
    shuffled = random.Random(settings.seed)
    size = settings.batch
    while True:
        order = shuffled.sample(rows, len(rows))
        if settings.group_by_length:
            groups = [order[at : at + 50 * size] for at in range(0, len(order), 50 * size)]
            order = [row for group in groups for row in sorted(group, key=lambda row: len(row[0]))]
        epoch = [order[at : at + size] for at in range(0, len(order), size)]
        if settings.group_by_length:
            shuffled.shuffle(epoch)
        yield from epoch


def train(model, rows, settings, pad_token):
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=settings.learning_rate, weight_decay=0.01)
    schedule = get_linear_schedule_with_warmup(optimizer, max(1, settings.steps // 20), settings.steps)
    model.train()
    losses, wall, cpu = [], [], []
    for _, batch in zip(range(settings.steps), batches(rows, settings)):
        # Of all threads, user and system.
        cpu_start, start = time.process_time(), time.perf_counter()
        loss = model(**padded(batch, pad_token, settings.pad_to)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - cpu_start)
    return {
        "stepSeconds": statistics.median_high(wall[1:] or wall),
        "stepCpuSeconds": statistics.median_high(cpu[1:] or cpu),
        "losses": losses,
    }


@torch.no_grad()
def exact_matches(model, rows, settings, pad_token):
    """The share of rows whose answer tokens, end token included, each have the highest score behind those before."""
    model.eval()
    rows = sorted(rows, key=lambda row: len(row[0]))
    right = 0
    for at in range(0, len(rows), settings.batch):
        batch = padded(rows[at : at + settings.batch], pad_token)
        labels = batch.pop("labels")
        # Prompt tuning gives scores of the virtual tokens too, which stand first.
        scores = model(**batch).logits[:, -labels.shape[1] :]
        wanted = labels[:, 1:]
        hits = (scores[:, :-1].argmax(-1) == wanted) | (wanted == IGNORED)
        right += hits.all(dim=1).sum().item()
    return right / len(rows)


def main():
    settings_file, result_file = sys.argv[1:]
    with open(settings_file, encoding="utf-8") as file:
        settings = SimpleNamespace(**json.load(file))
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    tokenizer = AutoTokenizer.from_pretrained(settings.model)
    pad_token = tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    base = AutoModelForCausalLM.from_pretrained(settings.model, dtype=torch.float32)
    model = peft.get_peft_model(base, method(settings, base.config.hidden_size))

    figures = train(model, encoded(settings.train, tokenizer, settings.max_length), settings, pad_token)
    # Kilobytes on Linux, bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    figures["peakResidentMegabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    figures["accuracy"] = None
    if settings.test:
        held_out = encoded(settings.test, tokenizer, settings.max_length)
        figures["accuracy"] = exact_matches(model, held_out, settings, pad_token)
    figures["versions"] = {library.__name__: library.__version__ for library in (torch, transformers, peft)}
    with open(result_file, "w", encoding="utf-8") as file:
        json.dump(figures, file)


if __name__ == "__main__":
    main()
