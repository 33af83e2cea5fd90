#!/usr/bin/env python3
"""Writes what the usual packages compute of made-up answers, for ReferenceMetricsTest.

    pip install sacrebleu rouge_score seqeval scikit-learn "transformers<5"
    python reference_metrics.py > src/training/src/test/resources/metrics/reference.json
"""

import json
import random

import sacrebleu
from rouge_score.rouge_scorer import RougeScorer
from seqeval.metrics import f1_score as entity_f1, precision_score as entity_precision, recall_score as entity_recall
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support
from transformers.data.metrics.squad_metrics import compute_exact, compute_f1, normalize_answer

RANDOM = random.Random(5)
WORDS = ("the a an cat dog sat on mat. don't It's 3.14 1,000 well-known 5-year, (yes) \"no\" U.S. café naïve 中文 "
         "&amp; & x/y e-mail@example.org $5 100% semi;colon end! what? -5 A.I. tab\there new\nline hy-\nphen").split(" ")


def text(most):
    return " ".join(RANDOM.choice(WORDS) for _ in range(RANDOM.randrange(most + 1)))


def altered(original):
    words = original.split(" ")
    for _ in range(RANDOM.randrange(4)):
        place = RANDOM.randrange(len(words) + 1)
        words[place:place + RANDOM.randrange(2)] = [RANDOM.choice(WORDS)] * RANDOM.randrange(2)
    return " ".join(words)


def text_pairs():
    written = [
        ([], []),
        ([""], [""]),
        (["one two three four five"], [""]),
        (["one two three four five"], ["six seven"]),
        (["one two three"], ["one two three"]),
        (["the cat sat on the mat"], ["the cat sat on the mat"]),
        (["the cat sat on the mat today"], ["the cat sat on"]),
        (["It is 3.14, or 1,000-fold (say \"U.S.\")."], ["It is 3.14 or 1,000 fold (say U.S.)."]),
        (["Refund issued.", "Please reset your password."], ["Refund was issued.", "Reset the password, please."]),
        (["你好 世界"], ["你好 世界"]),
        (["a &lt;b&gt; &quot;c&quot; - d", "x\ty\u00a0z  w"], ["a <b> \"c\" - d", "x y z w"]),
    ]
    for size in (1, 3, 8, 30):
        gold = [text(14) for _ in range(size)]
        written.append((gold, [altered(right) for right in gold]))
    return written


def bleu_and_rouge():
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    for gold, predicted in text_pairs():
        scores = [scorer.score(right, said) for right, said in zip(gold, predicted)]
        mean = lambda name: sum(score[name].fmeasure for score in scores) / max(1, len(scores))
        bleu = sacrebleu.corpus_bleu(predicted, [gold]).score if gold else 0.0
        yield {"gold": gold, "predicted": predicted, "bleu": bleu,
               "rouge1": mean("rouge1"), "rouge2": mean("rouge2"), "rougeL": mean("rougeL")}


def answers():
    written = [
        ([["Denver Broncos", "The Denver Broncos!", "Broncos"]], ["the broncos"]),
        ([[]], [""]),
        ([[]], ["something"]),
        ([["an apple"], []], ["", ""]),
        ([["the"]], ["a"]),
        ([["The U.S. a-team"]], ["us ateam"]),
        ([["Straße  der\tEinheit"]], ["straße der  einheit"]),
        ([["thé an", "don’t"]], ["thé"]),
        ([["a a b b c"]], ["b a b d"]),
    ]
    for size in (4, 12):
        gold = [[text(4) for _ in range(RANDOM.randrange(4))] for _ in range(size)]
        written.append((gold, [altered(right[0]) if right else text(1) for right in gold]))
    for gold, predicted in written:
        exact, overlap = 0, 0
        for right, said in zip(gold, predicted):
            right = [answer for answer in right if normalize_answer(answer)] or [""]
            exact += max(compute_exact(answer, said) for answer in right)
            overlap += max(compute_f1(answer, said) for answer in right)
        yield {"gold": gold, "predicted": predicted,
               "exactMatch": exact / len(gold), "f1": overlap / len(gold)}


def entities():
    written = [
        ([["O", "O"]], [["O", "O"]]),
        ([["B-PER", "I-PER", "O", "B-LOC"]], [["B-PER", "I-PER", "O", "B-LOC"]]),
        ([["B-PER", "I-PER", "O", "B-LOC"]], [["B-PER", "O", "O", "B-ORG"]]),
        ([["I-PER", "I-PER", "B-PER", "O", "I-LOC"]], [["I-PER", "I-PER", "I-PER", "O", "I-LOC"]]),
        ([["I-PER", "E-PER", "E-PER", "O", "I-LOC"]], [["I-PER", "E-PER", "I-PER", "O", "E-LOC"]]),
        ([["S-PER", "B-ORG", "I-ORG", "E-ORG", "S-LOC"]], [["S-PER", "B-ORG", "E-ORG", "I-ORG", "S-LOC"]]),
        ([["B-ONE-TWO", "I-ONE-TWO", "B-ONE"]], [["B-ONE-TWO", "I-ONE-TWO", "I-ONE"]]),
        ([["B", "I", "O", "B"], ["I"]], [["B", "I", "O", "I"], ["B"]]),
        ([["B-A"], ["I-A"]], [["B-A"], ["I-A"]]),
    ]
    for places in ("BI", "IE", "BIES", "I"):
        names = ["O"] + [place + "-" + kind for place in places for kind in ("PER", "LOC")]
        gold = [[RANDOM.choice(names) for _ in range(RANDOM.randrange(1, 12))] for _ in range(20)]
        predicted = [[tag if RANDOM.random() < 0.7 else RANDOM.choice(names) for tag in row] for row in gold]
        written.append((gold, predicted))
    for gold, predicted in written:
        yield {"gold": gold, "predicted": predicted,
               "precision": float(entity_precision(gold, predicted, zero_division=0)),
               "recall": float(entity_recall(gold, predicted, zero_division=0)),
               "f1": float(entity_f1(gold, predicted, zero_division=0))}


def labels():
    for count, size, most in ((2, 10, 2), (3, 40, 3), (5, 60, 3), (4, 1, 4), (6, 200, 6)):
        gold = [RANDOM.randrange(most) for _ in range(size)]
        predicted = [label if RANDOM.random() < 0.6 else RANDOM.randrange(most) for label in gold]
        every = list(range(count))
        precision, recall, f1, _ = precision_recall_fscore_support(gold, predicted, labels=every, zero_division=0)
        yield {"labels": count, "gold": gold, "predicted": predicted,
               "accuracy": float(accuracy_score(gold, predicted)),
               "macroF1": float(f1_score(gold, predicted, average="macro", zero_division=0)),
               "microF1": float(f1_score(gold, predicted, average="micro", zero_division=0)),
               "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(),
               "counts": confusion_matrix(gold, predicted, labels=every).tolist()}


if __name__ == "__main__":
    cases = {"texts": bleu_and_rouge(), "answers": answers(), "entities": entities(), "labels": labels()}
    lines = [f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(case) for case in some) + "\n]" for name, some in cases.items()]
    print("{" + ",\n".join(lines) + "}")
