#!/usr/bin/env python3
"""Trains the same adapter with this project's trainer and with PEFT, in turns, and compares time, memory and result.

    mvn package -DskipTests
    pip install torch transformers peft
    python src/docs/tools/compare_with_peft.py --model MODEL_FOLDER --train train.jsonl --test test.jsonl --steps 120

Rows are JSON objects with instruction, input and output. Both sides run on the CPU in float32. Each round trains with both,
one after the other, with a seed of its own; each figure is the median of the rounds. src/docs/performance.md says what is
measured. TRAINER_APP and JAVA_HOME mean what they mean to trainer-image/bin/trainer.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TRAINER = Path(__file__).resolve().parents[3] / "trainer-image" / "bin" / "trainer"
PEFT_RUN = Path(__file__).resolve().with_name("peft_run.py")
METHODS = ("prompt-text", "ptuning", "prefix", "prefix-mlp", "lora")

# (key, what the table says, how a figure is written)
FIGURES = (
    ("stepSeconds", "step, wall time", "{:.3f} s"),
    ("stepCpuSeconds", "step, CPU time", "{:.3f} s"),
    ("peakResidentMegabytes", "peak resident memory", "{:.0f} MB"),
    ("firstLoss", "loss, first 5 steps", "{:.4f}"),
    ("lastLoss", "loss, last 20 steps", "{:.4f}"),
    ("accuracy", "exact matches, held-out rows", "{:.4f}"),
)
WITH_RATIO = ("stepSeconds", "stepCpuSeconds", "peakResidentMegabytes")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="folder of the base model")
    parser.add_argument("--train", type=Path, required=True, help="JSONL file of training rows")
    parser.add_argument("--test", type=Path, help="JSONL file of held-out rows")
    parser.add_argument("--method", choices=METHODS, default="prompt-text")
    parser.add_argument("--steps", type=int, default=120, help="optimizer steps")
    parser.add_argument("--batch", type=int, default=8, help="rows in a batch")
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--virtual-tokens", type=int, default=20)
    parser.add_argument("--rank", type=int, default=8, help="of lora")
    parser.add_argument("--init-text", default="Classify whether the text is positive or negative:", help="of prompt-text")
    parser.add_argument("--max-length", type=int, default=512, help="longest row in tokens")
    parser.add_argument("--seed", type=int, default=1, help="of the first round; each round adds one")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2, help="of the tensor library")
    parser.add_argument("--group-by-length", action="store_true", help="batches of like lengths for PEFT too")
    parser.add_argument("--pad-to", type=int, default=0, help="PEFT pads every row to so many tokens, as tutorials do")
    parser.add_argument("--out", type=Path, help="writes settings and every run as JSON")
    args = parser.parse_args()
    for path in filter(None, (args.model, args.train, args.test)):
        if not path.exists():
            parser.error(f"{path} does not exist; correct the path")
    return args


def run(command, threads):
    """Both sides get the same environment: so many threads, which sleep while they wait."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OMP_WAIT_POLICY="PASSIVE", HF_HUB_OFFLINE="1")
    # The trainer takes a thread for each processor that Java sees.
    environment["JAVA_OPTIONS"] = f"{os.environ.get('JAVA_OPTIONS', '')} -XX:ActiveProcessorCount={threads}"
    ended = subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True)
    if ended.returncode != 0:
        sys.exit(f"{command[0]} ended with {ended.returncode}:\n{(ended.stdout + ended.stderr)[-3000:]}")


def job_method(args, hidden_size):
    count = {"numVirtualTokens": args.virtual_tokens}
    return {
        "prompt-text": {"promptTuning": {**count, "init": {"type": "Text", "text": args.init_text}}},
        "ptuning": {"pTuning": {**count, "encoder": {"type": "MLP", "hiddenSize": hidden_size // 2}}},
        "prefix": {"prefixTuning": count},
        "prefix-mlp": {"prefixTuning": {**count, "projection": {"hiddenSize": hidden_size}}},
        "lora": {"lora": {"rank": args.rank, "alpha": 2 * args.rank}},
    }[args.method]


def job(args, seed):
    """The PromptTuningJob; JSON is YAML too."""

    def on(claim, path):
        return {"persistentVolumeClaim": {"claimName": claim, "path": path.name}}

    hidden_size = json.loads((args.model / "config.json").read_text())["hidden_size"]
    dataset = {
        "train": on("train", args.train),
        "format": "Alpaca",
        "template": {"prompt": "{instruction}\n{input}\nAnswer:", "answer": " {output}"},
        "maxLength": args.max_length,
    }
    training = {
        "maxSteps": args.steps,
        "batchSize": args.batch,
        "learningRate": args.learning_rate,
        "scheduler": "Linear",
        "warmup": {"steps": max(1, args.steps // 20)},
        "weightDecay": 0.01,
        "maxGradNorm": 1.0,
        "seed": seed,
        "checkpoint": {"steps": args.steps},
    }
    if args.test:
        dataset["evaluation"] = on("test", args.test)
        training["evaluation"] = {"steps": args.steps}
    spec = {
        "baseModel": {**on("models", args.model.resolve()), "dtype": "Float32"},
        "method": job_method(args, hidden_size),
        "dataset": dataset,
        "training": training,
        "output": {"persistentVolumeClaim": {"claimName": "out"}},
    }
    return {
        "apiVersion": "prompttuning.dev/v1alpha1",
        "kind": "PromptTuningJob",
        "metadata": {"name": "comparison"},
        "spec": spec,
    }


def ours(args, seed, folder):
    manifest, result = folder / "job.yaml", folder / "result.json"
    manifest.write_text(json.dumps(job(args, seed), indent=2))
    volumes = {"models": args.model.resolve().parent, "train": args.train.resolve().parent, "out": folder}
    if args.test:
        volumes["test"] = args.test.resolve().parent
    command = [TRAINER, "train", "-f", manifest, "--result", result]
    for claim, path in volumes.items():
        command += ["--volume", f"{claim}={path}"]
    run(command, args.threads)
    training = json.loads(result.read_text())["training"]
    return {
        "stepSeconds": training["medianStepSeconds"],
        "stepCpuSeconds": training["medianStepCpuSeconds"],
        "peakResidentMegabytes": training["peakResidentBytes"] / 1e6,
        "losses": training["losses"],
        "accuracy": training["metrics"].get("exactMatch"),
    }


def peft(args, seed, folder):
    result = folder / "result.json"
    settings = {**vars(args), "seed": seed}
    (folder / "settings.json").write_text(json.dumps(settings, default=str))
    run([sys.executable, PEFT_RUN, folder / "settings.json", result], args.threads)
    return json.loads(result.read_text())


def measured(side, args, seed):
    with tempfile.TemporaryDirectory() as folder:
        figures = side(args, seed, Path(folder))
    losses = figures["losses"]
    figures["firstLoss"] = statistics.fmean(losses[:5])
    figures["lastLoss"] = statistics.fmean(losses[-20:])
    return figures


def medians(runs):
    values = {key: [run[key] for run in runs if run[key] is not None] for key, _, _ in FIGURES}
    return {key: statistics.median(found) for key, found in values.items() if found}


def table(trainer, other):
    lines = ["| | trainer | PEFT | trainer / PEFT |", "|---|---:|---:|---:|"]
    for key, label, form in FIGURES:
        if key in trainer and key in other:
            ratio = f"{trainer[key] / other[key]:.2f}" if key in WITH_RATIO else ""
            lines.append(f"| {label} | {form.format(trainer[key])} | {form.format(other[key])} | {ratio} |")
    return "\n".join(lines)


def main():
    args = arguments()
    runs = {"trainer": [], "peft": []}
    for number in range(args.rounds):
        for name, side in (("trainer", ours), ("peft", peft)):
            figures = measured(side, args, args.seed + number)
            runs[name].append(figures)
            print(f"round {number + 1} {name}: {figures['stepCpuSeconds']:.3f} CPU seconds a step", file=sys.stderr, flush=True)
    summary = {name: medians(found) for name, found in runs.items()}
    print(f"{args.method}, {args.model.resolve().name}, {args.steps} steps of {args.batch} rows, "
          f"{args.virtual_tokens} virtual tokens, {args.threads} threads, rounds: {args.rounds}\n")
    print(table(summary["trainer"], summary["peft"]))
    if args.out:
        report = {"settings": vars(args), "medians": summary, "runs": runs}
        args.out.write_text(json.dumps(report, indent=2, default=str) + "\n")


if __name__ == "__main__":
    main()
