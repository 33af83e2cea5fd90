package dev.prompttuning.transformers.roberta;

import dev.prompttuning.transformers.head.HeadSpec;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.HeadWeights;
import dev.prompttuning.transformers.head.TaskHead;
import dev.prompttuning.transformers.head.TaskHead.Pooling;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Linear;

/** RoBERTa's heads. A text is classified by its first token, by two linear maps that are both trained. */
public final class RobertaHeads {

    private RobertaHeads() {}

    public static TaskHead of(ConfigReader config, HeadWeights heads, HeadSpec spec) {
        int hidden = config.integer("hidden_size");
        if (spec.task() != HeadTask.SEQ_CLS) {
            String module = spec.task() == HeadTask.TOKEN_CLS ? "classifier" : "qa_outputs";
            Linear map = heads.linear(module, hidden, spec.numLabels(), true);
            return new TaskHead(spec.task(), Pooling.EACH, heads.modules(), map::apply);
        }
        Linear dense = heads.linear("classifier", "dense.", hidden, hidden, true);
        Linear output = heads.linear("classifier", "out_proj.", hidden, spec.numLabels(), true);
        return new TaskHead(
                spec.task(),
                Pooling.FIRST,
                heads.modules(),
                first -> output.apply(dense.apply(first).tanh()));
    }
}
