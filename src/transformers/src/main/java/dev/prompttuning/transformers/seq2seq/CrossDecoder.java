package dev.prompttuning.transformers.seq2seq;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Embedding;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Positioning;
import dev.prompttuning.transformers.model.Sight;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A family's decoder, whose layers look at an encoder's text besides their own.
 *
 * @param config of the decoder's layers
 * @param norm behind the last layer
 * @param head scores of the next token
 * @param headScale what the head's inputs are multiplied by
 */
public record CrossDecoder(
        ModelConfig config,
        Positioning positioning,
        Embedding embeddings,
        List<Layer> layers,
        Norm norm,
        Linear head,
        double headScale) {

    public CrossDecoder {
        layers = List.copyOf(layers);
    }

    /** One block of self attention, cross attention and feed-forward. */
    public interface Layer {

        /** Keys and values of an encoder's hidden states {@code [rows, sourceLength, hidden]}. */
        KeyValue keyValue(NDArray encoded);

        /**
         * @param past the layer's own keys and values of earlier tokens, or null
         * @param source what {@link #keyValue} made; one row is seen by every row of {@code hidden}
         * @param sourceMask what is added to the scores of the source, {@code [rows, 1, 1, sourceLength]}, or null
         */
        Decoder.Output apply(NDArray hidden, Sight sight, KeyValue past, KeyValue source, NDArray sourceMask);
    }

    /** The decoder that looks at one batch of texts. */
    Decoder over(Encoded encoded) {
        return new Decoder(
                config,
                positioning,
                embeddings,
                Decoder.Entry.NONE,
                IntStream.range(0, layers.size())
                        .mapToObj(index -> over(encoded, index))
                        .toList(),
                norm,
                head);
    }

    private Decoder.Layer over(Encoded encoded, int index) {
        Layer layer = layers.get(index);
        return (hidden, sight, past) ->
                layer.apply(hidden, sight, past, encoded.keyValue(index, layer), encoded.mask());
    }
}
