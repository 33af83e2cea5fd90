package dev.prompttuning.trainer.compare;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Methods that a comparison adds by name, each with its usual settings. */
public enum ComparedMethod {
    PROMPT_TUNING("prompt-tuning"),
    P_TUNING("p-tuning"),
    P_TUNING_LSTM("p-tuning-lstm"),
    PREFIX_TUNING("prefix-tuning"),
    PREFIX_PROJECTION("prefix-projection"),
    PREFIX_PER_TASK("prefix-per-task"),
    MULTITASK_PROMPT_TUNING("multitask-prompt-tuning"),
    LORA("lora"),
    PROMPT_WITH_LORA("prompt-with-lora"),
    FULL_FINE_TUNING("full-fine-tuning");

    private static final int RANK = 8;

    private final String label;

    ComparedMethod(String label) {
        this.label = label;
    }

    /** {@code spec.method}, with prompts of so many virtual tokens. */
    ObjectNode spec(int numVirtualTokens) {
        ObjectNode method = JsonNodeFactory.instance.objectNode();
        switch (this) {
            case PROMPT_TUNING -> prompt(method, "promptTuning", numVirtualTokens);
            case P_TUNING -> prompt(method, "pTuning", numVirtualTokens);
            case P_TUNING_LSTM ->
                prompt(method, "pTuning", numVirtualTokens).putObject("encoder").put("type", "LSTM");
            case PREFIX_TUNING -> prompt(method, "prefixTuning", numVirtualTokens);
            case PREFIX_PROJECTION ->
                prompt(method, "prefixTuning", numVirtualTokens).putObject("projection");
            case PREFIX_PER_TASK -> {
                prompt(method, "prefixTuning", numVirtualTokens);
                method.put("promptPerTask", true);
            }
            case MULTITASK_PROMPT_TUNING -> prompt(method, "multitaskPromptTuning", numVirtualTokens);
            case LORA -> method.putObject("lora").put("rank", RANK);
            case PROMPT_WITH_LORA -> {
                prompt(method, "promptTuning", numVirtualTokens);
                method.putObject("lora").put("rank", RANK);
            }
            case FULL_FINE_TUNING -> method.putObject("fullFineTuning");
        }
        return method;
    }

    private static ObjectNode prompt(ObjectNode method, String name, int numVirtualTokens) {
        return method.putObject(name).put("numVirtualTokens", numVirtualTokens);
    }

    @Override
    public String toString() {
        return label;
    }
}
