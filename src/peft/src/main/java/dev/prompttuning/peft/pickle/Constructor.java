package dev.prompttuning.peft.pickle;

import java.util.LinkedHashMap;

/** What a pickle may call. */
enum Constructor implements Global {
    ORDERED_DICT("collections.OrderedDict"),
    TENSOR("torch._utils._rebuild_tensor_v2"),
    PARAMETER("torch._utils._rebuild_parameter");

    private final String pythonName;

    Constructor(String pythonName) {
        this.pythonName = pythonName;
    }

    @Override
    public String pythonName() {
        return pythonName;
    }

    Object call(Tuple arguments) {
        return switch (this) {
            case ORDERED_DICT -> orderedDict(arguments);
            // The arguments after these are about gradients.
            case TENSOR ->
                StridedTensor.of(
                        arguments.item(0, Storage.class, "a tensor's data"),
                        arguments.item(1, Long.class, "a tensor's offset"),
                        arguments.item(2, Tuple.class, "a tensor's shape").longs("a tensor's shape"),
                        arguments.item(3, Tuple.class, "a tensor's stride").longs("a tensor's stride"));
            case PARAMETER -> arguments.item(0, StridedTensor.class, "a parameter's tensor");
        };
    }

    private static Object orderedDict(Tuple arguments) {
        if (arguments.size() != 0) {
            throw RefusedPickleException.malformed("it creates an OrderedDict with arguments");
        }
        return new LinkedHashMap<>();
    }
}
