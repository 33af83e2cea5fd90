package dev.prompttuning.serving.openai;

import java.util.Arrays;

/** What a completion continues. */
public sealed interface Prompt {

    record Text(String text) implements Prompt {}

    /** A prompt that the client has tokenized itself. */
    record TokenIds(long[] ids) implements Prompt {
        @Override
        public boolean equals(Object other) {
            return other instanceof TokenIds same && Arrays.equals(ids, same.ids);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(ids);
        }
    }
}
