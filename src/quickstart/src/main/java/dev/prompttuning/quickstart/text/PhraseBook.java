package dev.prompttuning.quickstart.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Wordings by group and label: sections {@code [group label]} of a text file, one wording a line. */
final class PhraseBook {
    private final Map<String, Map<String, List<String>>> groups;

    private PhraseBook(Map<String, Map<String, List<String>>> groups) {
        this.groups = groups;
    }

    /** The wordings of {@code tickets.txt}. */
    static PhraseBook tickets() {
        try (InputStream in = PhraseBook.class.getResourceAsStream("tickets.txt")) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PhraseBook parse(String text) {
        Map<String, Map<String, List<String>>> groups = new LinkedHashMap<>();
        List<String> section = null;
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("[") && line.endsWith("]")) {
                String[] groupAndLabel = line.substring(1, line.length() - 1).split(" ", 2);
                section = new ArrayList<>();
                groups.computeIfAbsent(groupAndLabel[0], group -> new LinkedHashMap<>())
                        .put(groupAndLabel[1], section);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                if (section == null) {
                    throw new IllegalArgumentException("\"" + line + "\" stands before the first section.");
                }
                section.add(line);
            }
        }
        return new PhraseBook(groups);
    }

    /** The labels of a group, in the file's order. */
    List<String> labels(String group) {
        return List.copyOf(groups.getOrDefault(group, Map.of()).keySet());
    }

    /** The wordings of one section. */
    List<String> phrases(String group, String label) {
        List<String> phrases = groups.getOrDefault(group, Map.of()).get(label);
        if (phrases == null) {
            throw new IllegalArgumentException("There is no section [" + group + " " + label + "].");
        }
        return Collections.unmodifiableList(phrases);
    }
}
