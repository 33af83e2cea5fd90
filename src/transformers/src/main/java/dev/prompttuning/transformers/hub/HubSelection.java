package dev.prompttuning.transformers.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which files of a data set's repository are wanted. */
public interface HubSelection {

    /** Names what is wanted: with the same name the same files are chosen of a commit. */
    String name();

    /**
     * Chooses files.
     *
     * @param files all of the repository's, by their paths
     * @param fetch fetches one, such as the repository's {@code README.md}; empty where there is none
     * @return paths, in the order of the rows
     * @throws dev.prompttuning.transformers.InvalidModelException when what is wanted is not there
     */
    List<String> choose(Set<String> files, Function<String, Optional<Path>> fetch);
}
