package dev.prompttuning.peft.pickle;

/**
 * The data of one or more tensors, held by an entry of the archive.
 *
 * @param key the last part of the entry's name
 * @param size number of elements
 */
record Storage(StorageType type, String key, long size) {

    /** The storage that a persistent id stands for: {@code ("storage", type, key, device, size)}. */
    static Storage of(Tuple id) {
        if (id.size() != 5 || !"storage".equals(id.items().get(0))) {
            throw RefusedPickleException.malformed("it refers to something other than a tensor's data");
        }
        return new Storage(
                id.item(1, StorageType.class, "a tensor's type"),
                id.item(2, String.class, "the name of a tensor's data"),
                id.item(4, Long.class, "the size of a tensor's data"));
    }
}
