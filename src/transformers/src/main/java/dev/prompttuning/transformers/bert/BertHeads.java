package dev.prompttuning.transformers.bert;

import dev.prompttuning.transformers.head.HeadSpec;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.HeadWeights;
import dev.prompttuning.transformers.head.TaskHead;
import dev.prompttuning.transformers.head.TaskHead.Pooling;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.Weights;

/**
 * BERT's heads. A text is classified by its first token, which goes through a pooler. The pooler is part of the frozen model; where
 * a file has none, as one of a masked language model, PEFT leaves a random one frozen and does not save it, so that nobody can use
 * the adapter afterwards. Here it is trained and saved with the head then.
 */
public final class BertHeads {

    private static final String POOLER = "bert.pooler";

    private BertHeads() {}

    public static TaskHead of(ConfigReader config, Weights given, HeadWeights heads, HeadSpec spec) {
        int hidden = config.integer("hidden_size");
        if (spec.task() != HeadTask.SEQ_CLS) {
            String module = spec.task() == HeadTask.TOKEN_CLS ? "classifier" : "qa_outputs";
            Linear map = heads.linear(module, hidden, spec.numLabels(), true);
            return new TaskHead(spec.task(), Pooling.EACH, heads.modules(), map::apply);
        }
        Weights weights = given.within("bert.", "embeddings.word_embeddings.weight");
        Linear pooler = weights.contains(POOLER + ".dense.weight")
                ? weights.linear(POOLER + ".dense", hidden, hidden, true)
                : heads.linear(POOLER, "dense.", hidden, hidden, true);
        Linear classifier = heads.linear("classifier", hidden, spec.numLabels(), true);
        return new TaskHead(
                spec.task(),
                Pooling.FIRST,
                heads.modules(),
                first -> classifier.apply(pooler.apply(first).tanh()));
    }
}
