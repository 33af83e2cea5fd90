package dev.prompttuning.training.data.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.prompttuning.training.UserMistakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The JSON objects of one file, which holds either an array of them or one in each line. */
final class JsonRows implements RowFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader LINE =
            JSON.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;

    JsonRows(Path file) {
        this.file = file;
    }

    @Override
    public void read(RowSink sink) throws IOException {
        try (InputStream bytes = TextFile.open(file)) {
            if (firstCharacter(bytes) == '[') {
                readArray(bytes, sink);
            } else {
                readLines(bytes, sink);
            }
        }
    }

    /** The first character that is neither blank nor a byte order mark; the stream stays where it is. */
    private static int firstCharacter(InputStream bytes) throws IOException {
        bytes.mark(4096);
        int first = bytes.read();
        for (int i = 0; i < 4000 && (Character.isWhitespace(first) || first >= 0xBB); i++) {
            first = bytes.read();
        }
        bytes.reset();
        return first;
    }

    private void readArray(InputStream bytes, RowSink sink) throws IOException {
        int line = 1;
        try (JsonParser parser = JSON.getFactory().createParser(bytes)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                line = parser.currentTokenLocation().getLineNr();
                JsonNode row = JSON.readTree(parser);
                if (row == null) {
                    throw new UserMistakeException(
                            at(line) + ": the array does not end; the file seems to be cut off.");
                }
                accept(at(line), row, sink);
            }
        } catch (JsonProcessingException e) {
            int where = e.getLocation() == null ? line : e.getLocation().getLineNr();
            throw new UserMistakeException(
                    at(where) + ": not valid JSON (" + e.getOriginalMessage() + "); correct the file.", e);
        }
    }

    private void readLines(InputStream bytes, RowSink sink) throws IOException {
        byte[] line = nextLine(bytes);
        for (int number = 1; line != null; number++) {
            readLine(line, at(number), sink);
            line = nextLine(bytes);
        }
    }

    private static void readLine(byte[] line, String where, RowSink sink) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
            if (!json.isBlank()) {
                accept(where, LINE.readTree(json), sink);
            }
        } catch (CharacterCodingException e) {
            sink.problem(new RowProblem(where, "not UTF-8"));
        } catch (JsonProcessingException e) {
            sink.problem(new RowProblem(where, "not valid JSON (" + firstLine(e.getOriginalMessage()) + ")"));
        }
    }

    private static void accept(String where, JsonNode row, RowSink sink) {
        if (row.isObject()) {
            sink.row(where, row);
        } else {
            sink.problem(new RowProblem(where, "not a JSON object"));
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("").strip();
    }

    private static byte[] nextLine(InputStream bytes) throws IOException {
        int next = bytes.read();
        if (next < 0) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (; next >= 0 && next != '\n'; next = bytes.read()) {
            line.write(next);
        }
        return line.toByteArray();
    }

    private String at(int line) {
        return file.getFileName() + ":" + line;
    }
}
