package dev.prompttuning.api.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.prompttuning.api.tuning.EncoderType;
import dev.prompttuning.api.tuning.PrefixInitType;
import dev.prompttuning.api.tuning.PromptInitType;
import java.util.List;

/** What is learned, defaults resolved; {@code type} tells the alternatives apart in JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MethodConfig.PromptTuning.class, name = "PromptTuning"),
    @JsonSubTypes.Type(value = MethodConfig.PTuning.class, name = "PTuning"),
    @JsonSubTypes.Type(value = MethodConfig.PrefixTuning.class, name = "PrefixTuning"),
    @JsonSubTypes.Type(value = MethodConfig.Lora.class, name = "Lora"),
    @JsonSubTypes.Type(value = MethodConfig.PromptWithLora.class, name = "PromptWithLora"),
    @JsonSubTypes.Type(value = MethodConfig.MultitaskPromptTuning.class, name = "MultitaskPromptTuning"),
    @JsonSubTypes.Type(value = MethodConfig.PromptPerTask.class, name = "PromptPerTask"),
    @JsonSubTypes.Type(value = MethodConfig.FullFineTuning.class, name = "FullFineTuning")
})
public sealed interface MethodConfig {

    /** The method's name as {@link dev.prompttuning.api.tuning.Method#label()} says it. */
    default String label() {
        return getClass().getSimpleName();
    }

    /** @param text null unless {@code init} is TEXT */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PromptTuning(int numVirtualTokens, PromptInitType init, String text) implements MethodConfig {}

    /** @param hiddenSize null: the base model's hidden size */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PTuning(int numVirtualTokens, EncoderType encoder, Integer hiddenSize, int numLayers, double dropout)
            implements MethodConfig {}

    /**
     * @param projection whether a network makes the keys and values
     * @param projectionHiddenSize null: the base model's hidden size
     * @param text null unless {@code init} is TEXT
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PrefixTuning(
            int numVirtualTokens, boolean projection, Integer projectionHiddenSize, PrefixInitType init, String text)
            implements MethodConfig {}

    /**
     * @param rankStabilized whether additions are scaled by {@code alpha / sqrt(rank)} rather than by {@code alpha / rank}
     * @param targetModules null: what PEFT chooses for the base model's family
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Lora(int rank, double alpha, double dropout, boolean rankStabilized, List<String> targetModules)
            implements MethodConfig {
        @Override
        public String label() {
            return "LoRA";
        }
    }

    /** @param prompt a prompt method */
    record PromptWithLora(MethodConfig prompt, Lora lora) implements MethodConfig {
        @Override
        public String label() {
            return prompt.label() + "+" + lora.label();
        }
    }

    /** @param text null unless {@code init} is TEXT */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MultitaskPromptTuning(int numVirtualTokens, int rank, PromptInitType init, String text)
            implements MethodConfig {}

    /** @param prompt the method of each task's prompt */
    record PromptPerTask(MethodConfig prompt) implements MethodConfig {
        @Override
        public String label() {
            return prompt.label() + "PerTask";
        }
    }

    /** Every weight. */
    record FullFineTuning() implements MethodConfig {}
}
