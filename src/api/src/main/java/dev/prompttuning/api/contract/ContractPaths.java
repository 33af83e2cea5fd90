package dev.prompttuning.api.contract;

/** Where the operator mounts things, and how the two sides find each other. */
public final class ContractPaths {
    /** Folder of the configuration file of either command. */
    public static final String CONFIG = "/etc/prompttuning/config";

    public static final String TRAIN_JSON = CONFIG + "/train.json";
    public static final String SERVE_JSON = CONFIG + "/serve.json";
    /** The adapter list, which changes while pods run. */
    public static final String ADAPTERS_JSON = CONFIG + "/adapters.json";

    public static final String CLAIMS = "/mnt/prompttuning/claims";
    public static final String CONFIG_MAPS = "/mnt/prompttuning/configmaps";
    /** Where the container leaves its {@link TrainResult} or the sentence that explains its failure. */
    public static final String TERMINATION_LOG = "/dev/termination-log";
    /** Port of every pod, named {@code http}. */
    public static final int PORT = 8080;

    private ContractPaths() {}
}
