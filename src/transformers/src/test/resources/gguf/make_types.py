"""Writes types.gguf, a tensor of each type, and types.safetensors, their values by the Python package gguf.

Needs: pip install gguf safetensors numpy
"""

import numpy as np
from gguf import GGMLQuantizationType as Type, GGUFWriter
from gguf.constants import GGML_QUANT_SIZES
from gguf.quants import dequantize, quantize
from safetensors.numpy import save_file

ROWS, COLUMNS = 3, 512
random = np.random.default_rng(7)
writer = GGUFWriter("types.gguf", "llama")
writer.add_head_count(2)
expected = {}
for kind in ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"):
    kind = Type[kind]
    if kind.name.endswith("_K"):
        # The package does not write these: any bytes are a block, but its scales should be numbers.
        elements, size = GGML_QUANT_SIZES[kind]
        raw = random.integers(0, 256, (ROWS * COLUMNS // elements, size), dtype=np.uint8)
        scales = random.normal(size=(len(raw), 2)).astype(np.float16).view(np.uint8)
        if kind == Type.Q6_K:
            raw[:, -2:] = scales[:, :2]
        else:
            raw[:, :4] = scales
        raw = raw.reshape(ROWS, -1)
    else:
        raw = quantize(random.normal(size=(ROWS, COLUMNS)).astype(np.float32), kind)
    writer.add_tensor(kind.name, raw, raw_dtype=kind)
    expected[kind.name] = np.ascontiguousarray(dequantize(raw, kind).reshape(ROWS, COLUMNS).astype(np.float32))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
save_file(expected, "types.safetensors")
