package dev.prompttuning.quickstart.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** A model folder with random weights: matrices from N(0, {@value #INITIALIZER_RANGE}²), norms one. */
public final class RandomModel {
    /** Wider than the usual 0.02, which is meant for states of a thousand numbers and more. */
    static final double INITIALIZER_RANGE = 0.05;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Architecture architecture;
    private final long seed;

    public RandomModel(Architecture architecture, long seed) {
        this.architecture = architecture;
        this.seed = seed;
    }

    /**
     * Writes {@code config.json}, {@code generation_config.json} and {@code model.safetensors}.
     *
     * @param endToken the id of the token that ends a text
     * @param turnEnd the id of the token that ends a chat's turn
     */
    public void write(Path folder, int endToken, int turnEnd) throws IOException {
        JSON.writeValue(folder.resolve("config.json").toFile(), architecture.config(INITIALIZER_RANGE, endToken));
        ObjectNode generation = JSON.createObjectNode().put("do_sample", false);
        generation.putArray("eos_token_id").add(endToken).add(turnEnd);
        generation.put("max_new_tokens", 48).put("pad_token_id", endToken);
        JSON.writeValue(folder.resolve("generation_config.json").toFile(), generation);
        Files.write(folder.resolve("model.safetensors"), weights());
    }

    /** A safetensors file: the header's length, the header, all float32 tensors one behind the other. */
    private byte[] weights() throws IOException {
        Map<String, int[]> shapes = architecture.shapes();
        byte[] header = header(shapes);
        int numbers = shapes.values().stream().mapToInt(RandomModel::size).sum();
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + header.length + numbers * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header);
        Random random = new Random(seed);
        for (int[] shape : shapes.values()) {
            boolean norm = shape.length == 1;
            for (int i = 0; i < size(shape); i++) {
                file.putFloat(norm ? 1 : (float) (INITIALIZER_RANGE * random.nextGaussian()));
            }
        }
        return file.array();
    }

    private static byte[] header(Map<String, int[]> shapes) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        int offset = 0;
        for (Map.Entry<String, int[]> tensor : shapes.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F32");
            entry.set("shape", JSON.valueToTree(tensor.getValue()));
            int end = offset + size(tensor.getValue()) * Float.BYTES;
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String text = header.toString();
        // The data begins at a multiple of eight bytes, so that it can be used where it is mapped.
        return (text + " ".repeat(-text.length() & 7)).getBytes(StandardCharsets.UTF_8);
    }

    private static int size(int[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
