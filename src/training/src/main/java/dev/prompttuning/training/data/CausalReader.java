package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.data.store.RowCodec;
import java.util.Optional;

/** Reads rows that a language model learns. */
public record CausalReader(RowFormat format, RowEncoder encoder, TaskColumn tasks) implements RowReader<EncodedRow> {

    @Override
    public EncodedRow read(JsonNode row) throws RowFormatException {
        return encoder.encode(format.example(row)).ofTask(tasks.of(row));
    }

    @Override
    public Optional<RowCodec<EncodedRow>> codec() {
        return Optional.of(new EncodedRowCodec());
    }
}
