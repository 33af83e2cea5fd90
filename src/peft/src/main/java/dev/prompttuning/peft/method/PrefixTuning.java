package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Prefix tuning (Li and Liang 2021; without projection also P-tuning v2), PEFT's PrefixEncoder: keys and values of every layer
 * are trained, directly or as the output of a projection of which only the output is kept in the end.
 *
 * @param parameters {@link PromptTuning#EMBEDDING} of shape {@code [numVirtualTokens, layers * 2 * keyValueSize]}, or, with
 *     projection, {@code [numVirtualTokens, keyValueSize]} and the projection's tensors
 * @param projectionSize the projection's inner size, if there is one
 */
public record PrefixTuning(Parameters parameters, OptionalInt projectionSize) implements SoftPrompt {

    private static final String TRANSFORM = "prompt_encoder.default.transform.";

    @Override
    public PeftType type() {
        return PeftType.PREFIX_TUNING;
    }

    @Override
    public int numVirtualTokens() {
        return (int) parameters.get(PromptTuning.EMBEDDING).getShape().get(0);
    }

    @Override
    public NDArray promptEmbeddings() {
        NDArray rows = parameters.get(PromptTuning.EMBEDDING);
        if (projectionSize.isEmpty()) {
            // Another handle, because whoever asks closes what it gets.
            return rows.reshape(rows.getShape());
        }
        return linear(linear(rows, "0").tanh(), "2");
    }

    private NDArray linear(NDArray input, String index) {
        return Linear.linear(
                        input,
                        parameters.get(TRANSFORM + index + ".weight"),
                        parameters.get(TRANSFORM + index + ".bias"))
                .singletonOrThrow();
    }

    /** Shapes of the projection's tensors by name; {@code size} is what a row holds before, {@code flat} what it holds after. */
    public static Map<String, Shape> projectionShapes(int size, int inner, int flat) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(TRANSFORM + "0.weight", new Shape(inner, size));
        shapes.put(TRANSFORM + "0.bias", new Shape(inner));
        shapes.put(TRANSFORM + "2.weight", new Shape(flat, inner));
        shapes.put(TRANSFORM + "2.bias", new Shape(flat));
        return shapes;
    }
}
