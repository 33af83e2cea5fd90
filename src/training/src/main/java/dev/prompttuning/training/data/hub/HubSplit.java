package dev.prompttuning.training.data.hub;

import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.file.DatasetFiles;
import dev.prompttuning.transformers.hub.HubSelection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The files of a subset and split: those that the repository's {@code README.md} names, or else those whose names say so, by the
 * conventions of Hugging Face's {@code datasets}.
 *
 * @param subset empty where there is but one, or a default
 * @param splits names of which the first that is there is taken
 * @param asked whether the user asked for it; otherwise an only split is taken whatever its name
 */
public record HubSplit(String repo, Optional<String> subset, List<String> splits, boolean asked)
        implements HubSelection {

    /** What the user asked for, or the usual split for the purpose. */
    public static HubSplit of(String repo, String subset, String split, List<String> usual) {
        if (split != null && !split.matches("[\\w.-]+")) {
            throw new UserMistakeException("The split \"" + split + "\" of " + repo
                    + " is not the name of one; name a whole split, such as train.");
        }
        return new HubSplit(repo, Optional.ofNullable(subset), split == null ? usual : List.of(split), split != null);
    }

    @Override
    public String name() {
        return subset.orElse("") + "|" + splits + "|" + asked;
    }

    @Override
    public List<String> choose(Set<String> files, Function<String, Optional<Path>> fetch) {
        Optional<DatasetCard> card = fetch.apply("README.md").flatMap(this::card);
        Map<String, List<String>> found =
                card.isPresent() ? card.get().splits(subset, files) : new SplitNames(files).splits(subset, repo);
        if (found.isEmpty()) {
            throw new UserMistakeException("The data set repository " + repo + " has no file of rows ("
                    + String.join(", ", DatasetFiles.ENDINGS)
                    + "); if a script makes its rows, try the revision refs/convert/parquet.");
        }
        return splits.stream()
                .map(name -> SplitNames.find(name, found))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> asked || found.size() > 1
                        ? Optional.empty()
                        : found.values().stream().findFirst())
                .orElseThrow(() -> new UserMistakeException("The data set repository " + repo + " has no split "
                        + String.join(" or ", splits) + "; it has " + String.join(", ", new TreeSet<>(found.keySet()))
                        + ", name one of them as split."));
    }

    private Optional<DatasetCard> card(Path readme) {
        try {
            return DatasetCard.of(repo, Files.readString(readme));
        } catch (IOException e) {
            throw new UncheckedIOException("The " + readme + " cannot be read.", e);
        }
    }
}
