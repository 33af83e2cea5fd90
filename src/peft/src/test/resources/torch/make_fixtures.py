"""Writes the .bin files of this folder: python make_fixtures.py (with torch 2.15.0)."""

import os
from collections import OrderedDict

import torch

# [[-0.5, -0.375, ...], ...]: every value is exact in all the floating-point types.
VALUES = torch.arange(12, dtype=torch.float32).reshape(3, 4) / 8 - 0.5


class RunsACommand:
    def __reduce__(self):
        return os.system, ("touch pickle-was-run",)


class BuildsAnObject:
    pass


def with_metadata():
    state = OrderedDict([("prompt_embeddings", VALUES), ("note", "not a tensor")])
    state._metadata = OrderedDict([("", {"version": 1})])
    return state


def views():
    shared = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    return {
        "transposed": VALUES.t(),
        "offset": VALUES[1:, 1:3],
        "permuted": shared.permute(2, 0, 1),
        "shared": shared[1],
        "repeated": torch.tensor([2.0]).expand(3, 2),
        "scalar": torch.tensor(7.0),
        "none": torch.zeros(0, 4),
    }


def numbers():
    types = {
        "double": torch.float64,
        "long": torch.int64,
        "int": torch.int32,
        "short": torch.int16,
        "char": torch.int8,
    }
    tensors = {name: torch.tensor([-3, 0, 100], dtype=dtype) for name, dtype in types.items()}
    tensors["byte"] = torch.tensor([3, 0, 253], dtype=torch.uint8)
    tensors["bool"] = torch.tensor([True, False, True])
    return tensors


EDGES = [2.0**-24, 2.0**-14, 65504.0, float("inf"), -0.0]

if __name__ == "__main__":
    torch.save({"prompt_embeddings": VALUES}, "float32.bin")
    torch.save({"prompt_embeddings": VALUES.half(), "edges": torch.tensor(EDGES).half()}, "float16.bin")
    torch.save({"prompt_embeddings": VALUES.bfloat16(), "large": torch.tensor([2.0**100]).bfloat16()}, "bfloat16.bin")
    torch.save(with_metadata(), "ordered_dict.bin")
    torch.save({"prompt_embeddings": torch.nn.Parameter(VALUES)}, "parameter.bin")
    torch.save({"prompt_embeddings": VALUES}, "protocol4.bin", pickle_protocol=4)
    torch.save(views(), "views.bin")
    torch.save(numbers(), "numbers.bin")
    torch.save({"prompt_embeddings": VALUES}, "legacy.bin", _use_new_zipfile_serialization=False)
    torch.save(VALUES, "bare_tensor.bin")
    torch.save({"prompt_embeddings": RunsACommand()}, "runs_a_command.bin")
    torch.save({"prompt_embeddings": BuildsAnObject()}, "builds_an_object.bin")
