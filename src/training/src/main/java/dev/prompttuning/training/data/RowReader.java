package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.data.store.RowCodec;
import java.util.Optional;

/** Turns a row of a data set into one that can be trained on. */
@FunctionalInterface
public interface RowReader<R extends Row> {

    /** @throws RowFormatException when the row lacks something */
    R read(JsonNode row) throws RowFormatException;

    /** How rows are kept in a file; empty where they are only kept in memory. */
    default Optional<RowCodec<R>> codec() {
        return Optional.empty();
    }

    /** The row without what only an evaluation asks for. */
    default R forTraining(R row) {
        return row;
    }

    /** Reads rows without what only an evaluation asks for. */
    default RowReader<R> forTraining() {
        RowReader<R> whole = this;
        return new RowReader<>() {
            @Override
            public R read(JsonNode row) throws RowFormatException {
                return whole.forTraining(whole.read(row));
            }

            @Override
            public Optional<RowCodec<R>> codec() {
                return whole.codec();
            }
        };
    }
}
