package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads rows that a language model learns. */
public record CausalReader(RowFormat format, RowEncoder encoder, TaskColumn tasks) implements RowReader<EncodedRow> {

    @Override
    public EncodedRow read(JsonNode row) throws RowFormatException {
        return encoder.encode(format.example(row)).ofTask(tasks.of(row));
    }
}
