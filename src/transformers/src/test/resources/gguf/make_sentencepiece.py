"""Writes sentencepiece.gguf, a model whose tokenizer SentencePiece trained, and sentencepiece.json, what SentencePiece says.

Needs: pip install gguf sentencepiece numpy
"""

import io
import json

import numpy as np
import sentencepiece
from gguf import GGUFWriter

LINES = [
    "The river runs past the old mill and under the bridge.",
    "An old man and his dog walk along the river every morning.",
    "Morning after morning the mill stands still; nobody mills there any more.",
    "The bridge is older than the mill, and the river is older than both.",
    "Under the bridge there are fish, more than anybody could count: 10, 20, 30 or 300.",
    "He counts them anyway, one by one, until the dog barks.",
    "Below the mill the water is deep and slow, above it shallow and fast.",
    "Nobody knows who built the bridge; the man says that it was there before his grandfather.",
]
TEXTS = LINES + [
    "",
    " ",
    "  two spaces, and  more   inside  ",
    "a\ttab\nand a line",
    "Zürich, naïve, 水, 😀 and ½",
    "themillthemill",
    "1234567890",
]

model = io.BytesIO()
sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter(LINES),
    model_writer=model,
    model_type="bpe",
    vocab_size=420,
    byte_fallback=True,
    normalization_rule_name="identity",
    remove_extra_whitespaces=False,
    split_digits=True,
    minloglevel=2,
)
processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
count = processor.vocab_size()
kinds = [
    2 if processor.is_unknown(i) else 3 if processor.is_control(i) else 6 if processor.is_byte(i) else 1
    for i in range(count)
]
writer = GGUFWriter("sentencepiece.gguf", "llama")
writer.add_block_count(0)
writer.add_context_length(64)
writer.add_embedding_length(4)
writer.add_feed_forward_length(4)
writer.add_head_count(1)
writer.add_tokenizer_model("llama")
writer.add_tokenizer_pre("default")
writer.add_token_list([processor.id_to_piece(i) for i in range(count)])
writer.add_token_scores([processor.get_score(i) for i in range(count)])
writer.add_token_types(kinds)
writer.add_bos_token_id(processor.bos_id())
writer.add_eos_token_id(processor.eos_id())
writer.add_unk_token_id(processor.unk_id())
writer.add_tensor("token_embd.weight", np.zeros((count, 4), dtype=np.float32))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
cases = [{"text": text, "ids": processor.encode(text), "decoded": processor.decode(processor.encode(text))} for text in TEXTS]
with open("sentencepiece.json", "w") as file:
    json.dump(cases, file, ensure_ascii=False, indent=1)
