package dev.prompttuning.training.data.file;

/**
 * Why a row was left out.
 *
 * @param where file and line, such as {@code train.jsonl:17}
 * @param what a clause without a full stop
 */
public record RowProblem(String where, String what) {

    @Override
    public String toString() {
        return where + ": " + what;
    }
}
