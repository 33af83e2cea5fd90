package dev.prompttuning.transformers.llama;

import dev.prompttuning.transformers.head.HeadSpec;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.HeadWeights;
import dev.prompttuning.transformers.head.TaskHead;
import dev.prompttuning.transformers.head.TaskHead.Pooling;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Linear;

/**
 * The classifier of Llama, Mistral and Qwen: a text is classified by its last real token, the only one that has seen all others.
 * (Behind virtual tokens PEFT takes the last token of all, which, in a batch of unequal lengths, is padding for most rows; for the
 * longest row, and for a row alone, it is the same token.)
 */
public final class LlamaHeads {

    private LlamaHeads() {}

    public static TaskHead of(ConfigReader config, HeadWeights heads, HeadSpec spec) {
        if (spec.task() != HeadTask.SEQ_CLS) {
            throw config.unsupported(
                    "model_type",
                    config.text("model_type", ""),
                    "bert, roberta for task " + spec.task() + "; this family classifies whole texts (SEQ_CLS)");
        }
        Linear score = heads.linear("score", config.integer("hidden_size"), spec.numLabels(), false);
        return new TaskHead(spec.task(), Pooling.LAST, heads.modules(), score::apply);
    }
}
