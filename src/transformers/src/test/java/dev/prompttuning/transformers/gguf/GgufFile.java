package dev.prompttuning.transformers.gguf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.transformers.folder.ModelFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A GGUF file in the making, as llama.cpp's converter would make it of a model folder. */
final class GgufFile {
    private static final int ALIGNMENT = 32;

    /** Values are Long (written as uint32), Double (float32), Boolean, String, or lists of those. */
    final Map<String, Object> values = new LinkedHashMap<>();

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private record Tensor(int type, long[] shape, byte[] data) {}

    GgufFile tensor(String name, int type, long[] shape, byte[] data) {
        tensors.put(name, new Tensor(type, shape, data));
        return this;
    }

    GgufFile floats(String name, long[] shape, float[] data) {
        ByteBuffer bytes = ByteBuffer.allocate(data.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(data);
        return tensor(name, 0, shape, bytes.array());
    }

    /** A small model's folder: everything in single precision. */
    static GgufFile of(Path source, NDManager manager) throws IOException {
        GgufFile file = new GgufFile();
        try (ModelFolder folder = ModelFolder.open(source)) {
            JsonNode config = folder.config();
            String family = folder.modelType();
            file.values.put("general.architecture", family);
            Map.of(
                            "block_count", "num_hidden_layers",
                            "context_length", "max_position_embeddings",
                            "embedding_length", "hidden_size",
                            "feed_forward_length", "intermediate_size",
                            "attention.head_count", "num_attention_heads",
                            "attention.head_count_kv", "num_key_value_heads")
                    .forEach((key, name) -> file.values.put(
                            family + "." + key, config.path(name).asLong()));
            if (config.has("head_dim")) {
                file.values.put(
                        family + ".attention.key_length",
                        config.path("head_dim").asLong());
            }
            file.values.put(
                    family + ".attention.layer_norm_rms_epsilon",
                    config.path("rms_norm_eps").asDouble());
            file.values.put(
                    family + ".rope.freq_base",
                    config.path("rope_parameters").path("rope_theta").asDouble());
            for (String name : folder.tensors().names()) {
                try (NDArray array = folder.tensors().load(name, manager)) {
                    float[] data = array.toFloatArray();
                    long[] shape = array.getShape().getShape();
                    if (family.equals("llama") && name.contains("q_proj")) {
                        data = paired(
                                data, shape, config.path("num_attention_heads").asInt());
                    } else if (family.equals("llama") && name.contains("k_proj")) {
                        data = paired(
                                data, shape, config.path("num_key_value_heads").asInt());
                    }
                    file.floats(named(name), shape, data);
                }
            }
        }
        return file;
    }

    /** Adds a byte-level tokenizer.json. */
    GgufFile withTokenizer(Path source, String cut) throws IOException {
        JsonNode json =
                new ObjectMapper().readTree(source.resolve("tokenizer.json").toFile());
        Map<Long, String> tokens = new TreeMap<>();
        json.path("model")
                .path("vocab")
                .properties()
                .forEach(e -> tokens.put(e.getValue().asLong(), e.getKey()));
        json.path("added_tokens")
                .forEach(
                        e -> tokens.put(e.path("id").asLong(), e.path("content").asText()));
        List<Object> kinds = new ArrayList<>();
        tokens.keySet().forEach(id -> kinds.add(1L));
        json.path("added_tokens").forEach(e -> kinds.set(e.path("id").asInt(), 3L));
        List<Object> merges = new ArrayList<>();
        json.path("model")
                .path("merges")
                .forEach(e -> merges.add(e.path(0).asText() + " " + e.path(1).asText()));
        values.put("tokenizer.ggml.model", "gpt2");
        values.put("tokenizer.ggml.pre", cut);
        values.put("tokenizer.ggml.tokens", new ArrayList<Object>(tokens.values()));
        values.put("tokenizer.ggml.token_type", kinds);
        values.put("tokenizer.ggml.merges", merges);
        return this;
    }

    /** Hugging Face's rows in the order that llama.cpp turns neighbours of: 0, half, 1, half + 1… within each head. */
    private static float[] paired(float[] data, long[] shape, int heads) {
        int width = data.length / (int) shape[0];
        int size = (int) shape[0] / heads;
        float[] paired = new float[data.length];
        for (int row = 0; row < shape[0]; row++) {
            int within = row % size;
            int to = row - within + within % (size / 2) * 2 + within / (size / 2);
            System.arraycopy(data, row * width, paired, to * width, width);
        }
        return paired;
    }

    private static String named(String name) {
        return name.replace("model.layers.", "blk.")
                .replace("self_attn.q_proj", "attn_q")
                .replace("self_attn.k_proj", "attn_k")
                .replace("self_attn.v_proj", "attn_v")
                .replace("self_attn.o_proj", "attn_output")
                .replace("self_attn.q_norm", "attn_q_norm")
                .replace("self_attn.k_norm", "attn_k_norm")
                .replace("input_layernorm", "attn_norm")
                .replace("post_attention_layernorm", "ffn_norm")
                .replace("mlp.gate_proj", "ffn_gate")
                .replace("mlp.up_proj", "ffn_up")
                .replace("mlp.down_proj", "ffn_down")
                .replace("model.embed_tokens", "token_embd")
                .replace("model.norm", "output_norm")
                .replace("lm_head", "output");
    }

    Path write(Path file) throws IOException {
        Files.write(file, bytes());
        return file;
    }

    byte[] bytes() throws IOException {
        Output out = new Output();
        out.write("GGUF".getBytes(StandardCharsets.US_ASCII));
        out.int32(3);
        out.int64(tensors.size());
        out.int64(values.size());
        for (Map.Entry<String, Object> value : values.entrySet()) {
            out.text(value.getKey());
            out.int32(typeOf(value.getValue()));
            out.value(value.getValue());
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            out.text(entry.getKey());
            out.int32(tensor.shape().length);
            for (int i = tensor.shape().length - 1; i >= 0; i--) {
                out.int64(tensor.shape()[i]);
            }
            out.int32(tensor.type());
            out.int64(offset);
            offset += aligned(tensor.data().length);
        }
        out.pad();
        for (Tensor tensor : tensors.values()) {
            out.write(tensor.data());
            out.pad();
        }
        return out.bytes.toByteArray();
    }

    private static long aligned(long length) {
        return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static int typeOf(Object value) {
        if (value instanceof List) {
            return 9;
        }
        if (value instanceof String) {
            return 8;
        }
        if (value instanceof Boolean) {
            return 7;
        }
        return value instanceof Double ? 6 : 4;
    }

    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void write(byte[] more) throws IOException {
            bytes.write(more);
        }

        void int32(int value) throws IOException {
            write(little(Integer.BYTES).putInt(value).array());
        }

        void int64(long value) throws IOException {
            write(little(Long.BYTES).putLong(value).array());
        }

        void text(String text) throws IOException {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            int64(utf8.length);
            write(utf8);
        }

        void value(Object value) throws IOException {
            if (value instanceof List<?> list) {
                int32(typeOf(list.get(0)));
                int64(list.size());
                for (Object each : list) {
                    value(each);
                }
            } else if (value instanceof String text) {
                text(text);
            } else if (value instanceof Boolean flag) {
                bytes.write(flag ? 1 : 0);
            } else if (value instanceof Double number) {
                int32(Float.floatToIntBits(number.floatValue()));
            } else {
                int32(((Long) value).intValue());
            }
        }

        void pad() throws IOException {
            write(new byte[(int) (aligned(bytes.size()) - bytes.size())]);
        }

        private static ByteBuffer little(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
