package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;

/** Turns a row of a data set into one that can be trained on. */
@FunctionalInterface
public interface RowReader<R extends Row> {

    /** @throws RowFormatException when the row lacks something */
    R read(JsonNode row) throws RowFormatException;

    /** The row without what only an evaluation asks for. */
    default R forTraining(R row) {
        return row;
    }
}
