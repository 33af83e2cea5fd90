package dev.prompttuning.transformers.roberta;

import dev.prompttuning.transformers.bert.BertEncoder;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Weights;

/** RoBERTa. The first token's row of the position table is the one behind the padding token's id. */
public final class RobertaEncoder {

    private static final String PREFIX = "roberta.";

    private RobertaEncoder() {}

    public static Decoder of(ConfigReader config, Weights given) {
        Weights weights = given.within(PREFIX, "embeddings.word_embeddings.weight");
        return BertEncoder.of(config, weights, PREFIX, config.integer("pad_token_id", 1) + 1);
    }
}
