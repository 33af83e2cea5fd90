package dev.prompttuning.peft.pickle;

import java.util.Arrays;
import java.util.stream.Stream;

/** A Python name that a pickle may mention. */
sealed interface Global permits Constructor, StorageType {

    /** Module and name, with a dot between them. */
    String pythonName();

    /**
     * The meaning of a name.
     *
     * @throws RefusedPickleException unless it is one of those that tensor files need
     */
    static Global named(String module, String name) {
        String full = module + "." + name;
        return Stream.<Global>concat(Arrays.stream(Constructor.values()), Arrays.stream(StorageType.values()))
                .filter(global -> global.pythonName().equals(full))
                .findAny()
                .orElseThrow(() -> RefusedPickleException.asking(full));
    }
}
