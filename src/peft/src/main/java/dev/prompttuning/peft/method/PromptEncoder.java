package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import dev.prompttuning.transformers.engine.Autograd;
import java.util.LinkedHashMap;
import java.util.Map;

/** The re-parameterisation of P-tuning, {@code [numVirtualTokens, hidden] → [numVirtualTokens, hidden]}. */
public sealed interface PromptEncoder {

    NDArray encode(NDArray rows, Parameters parameters);

    /** Shapes of the encoder's tensors by name. */
    Map<String, Shape> shapes(int hidden);

    /** PEFT's name of the encoder. */
    String reparameterizationType();

    int hiddenSize();

    int numLayers();

    double dropout();

    /** Three linear maps with ReLU between them, whatever {@code numLayers} says, as in PEFT. */
    record Mlp(int hiddenSize, int numLayers, double dropout) implements PromptEncoder {

        private static final String HEAD = "prompt_encoder.default.mlp_head.";

        @Override
        public NDArray encode(NDArray rows, Parameters parameters) {
            NDArray first = Activation.relu(linear(rows, parameters, HEAD + "0"));
            return linear(Activation.relu(linear(first, parameters, HEAD + "2")), parameters, HEAD + "4");
        }

        @Override
        public Map<String, Shape> shapes(int hidden) {
            Map<String, Shape> shapes = new LinkedHashMap<>();
            linear(shapes, HEAD + "0", hidden, hiddenSize);
            linear(shapes, HEAD + "2", hiddenSize, hiddenSize);
            linear(shapes, HEAD + "4", hiddenSize, hidden);
            return shapes;
        }

        @Override
        public String reparameterizationType() {
            return "MLP";
        }
    }

    /** A bidirectional LSTM over the virtual tokens, then two linear maps; dropout acts between the LSTM's layers, in training only. */
    record Lstm(int hiddenSize, int numLayers, double dropout) implements PromptEncoder {

        private static final String LSTM = "prompt_encoder.default.lstm_head.";
        private static final String HEAD = "prompt_encoder.default.mlp_head.";

        @Override
        public NDArray encode(NDArray rows, Parameters parameters) {
            NDArray states = rows.getManager().zeros(new Shape(2L * numLayers, 1, hiddenSize));
            NDList weights = new NDList(shapes((int) rows.getShape().get(1)).keySet().stream()
                    .filter(name -> name.startsWith(LSTM))
                    .map(parameters::get)
                    .toList());
            NDArray encoded = rows.getNDArrayInternal()
                    .lstm(
                            rows.expandDims(0),
                            new NDList(states, states),
                            weights,
                            true,
                            numLayers,
                            dropout,
                            dropout > 0 && Autograd.isRecording(),
                            true,
                            true)
                    .get(0)
                    .squeeze(0);
            return linear(Activation.relu(linear(encoded, parameters, HEAD + "0")), parameters, HEAD + "2");
        }

        @Override
        public Map<String, Shape> shapes(int hidden) {
            Map<String, Shape> shapes = new LinkedHashMap<>();
            for (int layer = 0; layer < numLayers; layer++) {
                int input = layer == 0 ? hidden : 2 * hiddenSize;
                for (String direction : new String[] {"", "_reverse"}) {
                    String suffix = "_l" + layer + direction;
                    shapes.put(LSTM + "weight_ih" + suffix, new Shape(4L * hiddenSize, input));
                    shapes.put(LSTM + "weight_hh" + suffix, new Shape(4L * hiddenSize, hiddenSize));
                    shapes.put(LSTM + "bias_ih" + suffix, new Shape(4L * hiddenSize));
                    shapes.put(LSTM + "bias_hh" + suffix, new Shape(4L * hiddenSize));
                }
            }
            linear(shapes, HEAD + "0", 2 * hiddenSize, 2 * hiddenSize);
            linear(shapes, HEAD + "2", 2 * hiddenSize, hidden);
            return shapes;
        }

        @Override
        public String reparameterizationType() {
            return "LSTM";
        }
    }

    private static NDArray linear(NDArray input, Parameters parameters, String name) {
        return Linear.linear(input, parameters.get(name + ".weight"), parameters.get(name + ".bias"))
                .singletonOrThrow();
    }

    private static void linear(Map<String, Shape> shapes, String name, int in, int out) {
        shapes.put(name + ".weight", new Shape(out, in));
        shapes.put(name + ".bias", new Shape(out));
    }
}
