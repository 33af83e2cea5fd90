package dev.prompttuning.api.contract;

/** Where volumes lie: mount paths in a pod, folders on a machine without a cluster. */
public interface Mounts {

    /** Folder of a PersistentVolumeClaim. */
    String claim(String claimName);

    /** Folder of a ConfigMap, with a file for each key. */
    String configMap(String name);

    /** The mount paths the operator uses. */
    static Mounts inPod() {
        return new Mounts() {
            @Override
            public String claim(String claimName) {
                return ContractPaths.CLAIMS + "/" + claimName;
            }

            @Override
            public String configMap(String name) {
                return ContractPaths.CONFIG_MAPS + "/" + name;
            }
        };
    }

    /** A path inside a claim; {@code path} may be null for the root. */
    default String claim(String claimName, String path) {
        String inside = path == null ? "" : path.replaceAll("/+$", "");
        return inside.isEmpty() ? claim(claimName) : claim(claimName) + "/" + inside;
    }
}
