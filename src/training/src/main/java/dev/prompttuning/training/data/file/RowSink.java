package dev.prompttuning.training.data.file;

import com.fasterxml.jackson.databind.JsonNode;

/** Takes the rows of a data set in their order, and what is not a row. */
public interface RowSink {

    /** @param where file and line, or file and row, for messages */
    void row(String where, JsonNode row);

    void problem(RowProblem problem);
}
