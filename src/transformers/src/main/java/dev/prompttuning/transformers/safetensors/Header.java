package dev.prompttuning.transformers.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header of one file, checked: tensors fill the data without a gap or an overlap, and each has the bytes its shape needs. */
record Header(Map<String, TensorInfo> tensors, Map<String, String> metadata) {
    /** The reference implementation refuses longer headers too. */
    static final long MAX_LENGTH = 100_000_000;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static Header read(Path file, FileChannel channel) throws IOException {
        long fileSize = channel.size();
        if (fileSize < Long.BYTES) {
            throw invalid(
                    file,
                    "is " + fileSize + " bytes long, too short for a safetensors header; download the file again");
        }
        long length =
                bytes(channel, 0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > MAX_LENGTH) {
            throw invalid(
                    file,
                    "announces a header of " + Long.toUnsignedString(length)
                            + " bytes, which no safetensors file has; it is damaged or not a safetensors file");
        }
        if (length > fileSize - Long.BYTES) {
            throw invalid(
                    file,
                    "ends within its header (" + fileSize + " bytes of at least " + (length + Long.BYTES)
                            + "); download the file again");
        }
        byte[] json = bytes(channel, Long.BYTES, (int) length).array();
        return parse(file, json, Long.BYTES + length, fileSize);
    }

    private static Header parse(Path file, byte[] json, long dataStart, long fileSize) {
        JsonNode root;
        try {
            root = JSON.readTree(new String(json, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(
                    "The safetensors header of " + file + " is not valid JSON (" + e.getOriginalMessage()
                            + "); download the file again.",
                    e);
        }
        if (!root.isObject()) {
            throw invalid(file, "has a header that is not a JSON object; it is damaged or not a safetensors file");
        }
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        root.properties().forEach(entry -> {
            if (entry.getKey().equals("__metadata__")) {
                entry.getValue()
                        .properties()
                        .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
            } else {
                tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), dataStart));
            }
        });
        checkLayout(file, tensors.values().stream().toList(), dataStart, fileSize);
        return new Header(tensors, metadata);
    }

    private static TensorInfo tensor(Path file, String name, JsonNode entry, long dataStart) {
        Dtype dtype = Arrays.stream(Dtype.values())
                .filter(d -> d.name().equals(entry.path("dtype").asText()))
                .findFirst()
                .orElseThrow(() -> invalid(
                        file,
                        name,
                        "has the unknown dtype \"" + entry.path("dtype").asText() + "\""));
        List<Long> shape = longs(entry.path("shape"));
        List<Long> offsets = longs(entry.path("data_offsets"));
        if (shape == null || offsets == null || offsets.size() != 2) {
            throw invalid(file, name, "has no proper shape and data_offsets");
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (end < begin || end > Long.MAX_VALUE - dataStart) {
            throw invalid(file, name, "has the impossible data_offsets [" + begin + ", " + end + "]");
        }
        long needed = byteCount(file, name, shape, dtype);
        if (needed != end - begin) {
            throw invalid(
                    file,
                    name,
                    "takes " + (end - begin) + " bytes, but its shape " + shape + " of " + dtype + " needs " + needed);
        }
        return new TensorInfo(name, dtype, shape, file, dataStart + begin, needed);
    }

    private static long byteCount(Path file, String name, List<Long> shape, Dtype dtype) {
        try {
            long count = dtype.bytes();
            for (long dimension : shape) {
                count = Math.multiplyExact(count, dimension);
            }
            return count;
        } catch (ArithmeticException e) {
            throw invalid(file, name, "has the impossible shape " + shape);
        }
    }

    private static void checkLayout(Path file, List<TensorInfo> tensors, long dataStart, long fileSize) {
        long position = dataStart;
        for (TensorInfo tensor : tensors.stream()
                .sorted(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::byteCount))
                .toList()) {
            if (tensor.offset() < position) {
                throw invalid(file, tensor.name(), "overlaps another tensor");
            }
            if (tensor.offset() > position) {
                throw invalid(
                        file,
                        tensor.name(),
                        "starts " + (tensor.offset() - position) + " bytes after the tensor before it ends");
            }
            position += tensor.byteCount();
            if (position > fileSize) {
                throw invalid(
                        file,
                        tensor.name(),
                        "ends at byte " + position + ", but the file has only " + fileSize
                                + "; download the file again");
            }
        }
        if (position != fileSize) {
            throw invalid(file, "has " + (fileSize - position) + " bytes after its last tensor; it is damaged");
        }
    }

    /** The non-negative integers of a JSON array, or null where it is something else. */
    private static List<Long> longs(JsonNode array) {
        if (!array.isArray()) {
            return null;
        }
        List<Long> values = new ArrayList<>();
        for (JsonNode value : array) {
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                return null;
            }
            values.add(value.longValue());
        }
        return values;
    }

    private static ByteBuffer bytes(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    private static InvalidModelException invalid(Path file, String problem) {
        return new InvalidModelException(file + " " + problem + ".");
    }

    private static InvalidModelException invalid(Path file, String tensor, String problem) {
        return new InvalidModelException("Tensor \"" + tensor + "\" in " + file + " " + problem + ".");
    }
}
