package dev.prompttuning.training.data.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.prompttuning.training.UserMistakeException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The {@code configs} at the head of a data set's {@code README.md}.
 *
 * @param configs of {@code config_name} and {@code data_files} or {@code data_dir}
 * @see <a href="https://huggingface.co/docs/hub/datasets-manual-configuration">the hub's description</a>
 */
record DatasetCard(String repo, List<JsonNode> configs) {
    private static final Pattern HEAD =
            Pattern.compile("\\A\\uFEFF?---\\s*\\n(.*?)\\n---\\s*(\\n|\\z)", Pattern.DOTALL);

    /** Empty where the README names no files. */
    static Optional<DatasetCard> of(String repo, String readme) {
        Matcher head = HEAD.matcher(readme.replace("\r\n", "\n"));
        if (!head.find()) {
            return Optional.empty();
        }
        try {
            JsonNode configs = new YAMLMapper().readTree(head.group(1)).path("configs");
            List<JsonNode> withFiles = StreamSupport.stream(configs.spliterator(), false)
                    .filter(config -> config.has("data_files") || config.has("data_dir"))
                    .toList();
            return withFiles.isEmpty() ? Optional.empty() : Optional.of(new DatasetCard(repo, withFiles));
        } catch (JsonProcessingException e) {
            throw new UserMistakeException(
                    "The head of the README.md of the data set repository " + repo + " is not valid YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse("") + ".",
                    e);
        }
    }

    /** Files by split. */
    Map<String, List<String>> splits(Optional<String> subset, Set<String> files) {
        JsonNode config = config(subset);
        String folder = plain(config.path("data_dir").asText(""));
        JsonNode given = config.path("data_files");
        if (given.isMissingNode() || given.isNull()) {
            return new SplitNames(files).inFolder(folder);
        }
        Map<String, List<String>> splits = new LinkedHashMap<>();
        for (JsonNode part : given.isArray() ? given : List.of(given)) {
            String split = part.isObject() ? part.path("split").asText("train") : "train";
            patterns(part.isObject() ? part.path("path") : part)
                    .forEach(pattern -> splits.computeIfAbsent(split, name -> new ArrayList<>())
                            .addAll(matching(folder.isEmpty() ? pattern : folder + "/" + pattern, files)));
        }
        splits.replaceAll((split, found) -> found.stream().distinct().toList());
        return splits;
    }

    private JsonNode config(Optional<String> subset) {
        List<JsonNode> chosen = subset.isPresent()
                ? configs.stream()
                        .filter(config -> name(config).equals(subset.get()))
                        .toList()
                : defaults();
        if (chosen.isEmpty()) {
            throw new UserMistakeException("The data set repository " + repo
                    + subset.map(name -> " has no subset " + name + "; it has ").orElse(" has the subsets ")
                    + String.join(", ", configs.stream().map(DatasetCard::name).toList())
                    + ", name one of them as subset.");
        }
        return chosen.get(0);
    }

    private List<JsonNode> defaults() {
        if (configs.size() == 1) {
            return configs;
        }
        List<JsonNode> marked = configs.stream()
                .filter(config -> config.path("default").asBoolean(false))
                .toList();
        return marked.isEmpty()
                ? configs.stream()
                        .filter(config -> name(config).equals("default"))
                        .toList()
                : marked;
    }

    private static String name(JsonNode config) {
        return config.path("config_name").asText("default");
    }

    private static Stream<String> patterns(JsonNode path) {
        return path.isArray()
                ? StreamSupport.stream(path.spliterator(), false).map(JsonNode::asText)
                : Stream.of(path.asText());
    }

    private List<String> matching(String pattern, Set<String> files) {
        String glob = plain(pattern);
        if (files.contains(glob)) {
            return List.of(glob);
        }
        try {
            PathMatcher here = matcher(glob);
            // "**/" stands for no folder, too.
            PathMatcher above = matcher(glob.replace("**/", ""));
            List<String> found = files.stream()
                    .filter(file -> here.matches(Path.of(file)) || above.matches(Path.of(file)))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new UserMistakeException("The README.md of the data set repository " + repo + " names the files "
                        + pattern + ", of which there are none.");
            }
            return found;
        } catch (PatternSyntaxException e) {
            throw new UserMistakeException(
                    "The README.md of the data set repository " + repo + " names the files " + pattern
                            + ", which is not a pattern.",
                    e);
        }
    }

    private static PathMatcher matcher(String glob) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    }

    private static String plain(String path) {
        return path.replaceFirst("^(\\./)+", "").replaceFirst("/+$", "");
    }
}
