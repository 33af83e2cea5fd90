package dev.prompttuning.operator;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a pod that asks for {@code nvidia.com/gpu} needs to reach this cluster's GPU nodes. A pod's own settings win. */
public interface GpuDefaults {

    /** Labels of the GPU nodes. */
    Map<String, String> nodeSelector();

    /** The taints that keep other pods away from them. */
    List<TolerationDefault> tolerations();

    /** The runtime class that hands the devices to a container, where the node's default runtime does not. */
    Optional<String> runtimeClassName();

    /** One toleration; what is absent means what it means in a pod. */
    interface TolerationDefault {
        Optional<String> key();

        /** {@code Exists}, or {@code Equal}. */
        Optional<String> operator();

        Optional<String> value();

        /** {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}; absent: each of them. */
        Optional<String> effect();

        /** How long a pod stays on a node with a {@code NoExecute} taint. */
        Optional<Long> tolerationSeconds();
    }
}
