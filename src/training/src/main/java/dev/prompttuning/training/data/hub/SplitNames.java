package dev.prompttuning.training.data.hub;

import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.file.DatasetFiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells splits by the names of files and folders: {@code data/train-00000-of-00002.parquet}, {@code dev.jsonl}, {@code test/a.csv}. */
record SplitNames(Set<String> files) {
    private static final Pattern SHARD = Pattern.compile("(?:.*/)?([\\w.-]+?)-\\d{5}-of-\\d{5}[^/]*");
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("train", "train"),
            Map.entry("training", "train"),
            Map.entry("validation", "validation"),
            Map.entry("valid", "validation"),
            Map.entry("val", "validation"),
            Map.entry("dev", "validation"),
            Map.entry("test", "test"),
            Map.entry("testing", "test"),
            Map.entry("eval", "test"),
            Map.entry("evaluation", "test"));
    /** Where a split is there in several forms, the one that keeps the most of its rows' types. */
    private static final List<String> FORMS = List.of(".parquet", ".jsonl", ".ndjson", ".json", ".csv", ".tsv");

    /**
     * Files by split, none when there is no file of rows.
     *
     * @param subset name of a folder
     */
    Map<String, List<String>> splits(Optional<String> subset, String repo) {
        List<String> rows = rows();
        if (subset.isPresent()) {
            List<String> inside = rows.stream()
                    .filter(file -> ("/" + file).contains("/" + subset.get() + "/"))
                    .toList();
            if (inside.isEmpty()) {
                throw new UserMistakeException(
                        "The data set repository " + repo + " has no subset " + subset.get() + subsets(rows) + ".");
            }
            rows = inside;
        }
        return bySplit(rows);
    }

    private static String subsets(List<String> rows) {
        Set<String> folders = new TreeSet<>();
        rows.stream()
                .filter(file -> file.contains("/"))
                .map(file -> file.substring(0, file.indexOf('/')))
                .forEach(folders::add);
        return folders.isEmpty() ? "; leave it out" : "; its folders are " + String.join(", ", folders);
    }

    /** What is in a folder, or in the whole repository for an empty one. */
    Map<String, List<String>> inFolder(String folder) {
        String prefix = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
        return bySplit(rows().stream().filter(file -> file.startsWith(prefix)).toList());
    }

    private List<String> rows() {
        return files.stream()
                .filter(file -> !("/" + file).contains("/."))
                .filter(file -> DatasetFiles.isNamedLikeRows(file.substring(file.lastIndexOf('/') + 1)))
                .filter(file -> !file.matches("(.*/)?dataset_(infos?|dict)\\.json"))
                .sorted()
                .toList();
    }

    private static Map<String, List<String>> bySplit(List<String> rows) {
        Map<String, List<String>> splits = new TreeMap<>();
        for (String file : rows) {
            split(file).ifPresent(split -> splits.computeIfAbsent(split, name -> new ArrayList<>())
                    .add(file));
        }
        if (splits.isEmpty() && !rows.isEmpty()) {
            splits.put("train", rows);
        }
        splits.replaceAll((split, found) -> ofOneForm(found));
        return splits;
    }

    private static Optional<String> split(String file) {
        Matcher shard = SHARD.matcher(file);
        if (shard.matches()) {
            return Optional.of(word(shard.group(1)).orElse(shard.group(1)));
        }
        String[] parts = file.split("/");
        for (int folder = parts.length - 2; folder >= 0; folder--) {
            Optional<String> word = word(parts[folder]);
            if (word.isPresent()) {
                return word;
            }
        }
        return word(parts[parts.length - 1]);
    }

    private static Optional<String> word(String name) {
        for (String word : name.toLowerCase(Locale.ROOT).split("[^a-z]+")) {
            if (WORDS.containsKey(word)) {
                return Optional.of(WORDS.get(word));
            }
        }
        return Optional.empty();
    }

    static List<String> ofOneForm(List<String> files) {
        String form = FORMS.stream()
                .filter(ending -> files.stream().anyMatch(file -> form(file).equals(ending)))
                .findFirst()
                .orElse("");
        return files.stream()
                .filter(file -> form(file).equals(form))
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private static String form(String file) {
        return FORMS.stream()
                .filter(ending -> file.toLowerCase(Locale.ROOT)
                        .replaceFirst("\\.(gz|zst)$", "")
                        .endsWith(ending))
                .findFirst()
                .orElse("");
    }

    /** The split of this name, or of one that means the same. */
    static Optional<List<String>> find(String name, Map<String, List<String>> splits) {
        return Optional.ofNullable(splits.get(name))
                .or(() -> Optional.ofNullable(WORDS.get(name)).map(splits::get))
                .or(() -> splits.entrySet().stream()
                        .filter(split ->
                                WORDS.containsKey(name) && WORDS.get(name).equals(WORDS.get(split.getKey())))
                        .map(Map.Entry::getValue)
                        .findFirst());
    }
}
