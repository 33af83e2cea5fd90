package dev.prompttuning.transformers.seq2seq;

import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Weights;

/** Puts a family's two stacks of layers together from weights. */
public interface Seq2SeqFamily {

    Decoder encoder(Weights weights);

    CrossDecoder decoder(Weights weights);

    /** The token that stands in front of every text that the decoder writes. */
    long startToken();

    /** The token that rows are padded with. */
    long padToken();
}
