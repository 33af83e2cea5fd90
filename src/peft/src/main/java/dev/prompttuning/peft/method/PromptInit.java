package dev.prompttuning.peft.method;

/** Where virtual tokens start from. */
public sealed interface PromptInit {

    /** PEFT's name for it. */
    String peftName();

    /** Each element drawn from N(0, 1), as PyTorch initialises embeddings. */
    record Random() implements PromptInit {
        @Override
        public String peftName() {
            return "RANDOM";
        }
    }

    /** Embeddings of tokens drawn from the vocabulary. For prompt tuning only. */
    record SampledVocabulary() implements PromptInit {
        @Override
        public String peftName() {
            return "SAMPLE_VOCAB";
        }
    }

    /** All zero, or, behind a projection, a projection that yields zero. For prefix tuning only. */
    record Zero() implements PromptInit {
        @Override
        public String peftName() {
            return "ZERO";
        }
    }

    /**
     * The embeddings of a text, or its keys and values in the base model. A text with more tokens than there are virtual ones is
     * cut; one with fewer is repeated.
     */
    record Text(String text) implements PromptInit {
        @Override
        public String peftName() {
            return "TEXT";
        }
    }
}
