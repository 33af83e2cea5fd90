package dev.prompttuning.training.data.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSplitTest {
    private static final List<String> TRAIN = List.of("train");
    private static final List<String> EVALUATION = List.of("validation", "test");

    @TempDir
    Path folder;

    private Optional<Path> readme = Optional.empty();

    private List<String> choose(String subset, String split, List<String> usual, String... files) {
        Set<String> all = new TreeSet<>(List.of(files));
        all.add(".gitattributes");
        all.add("README.md");
        return HubSplit.of("org/rows", subset, split, usual)
                .choose(all, name -> name.equals("README.md") ? readme : Optional.empty());
    }

    private String mistake(String subset, String split, String... files) {
        return assertThrows(UserMistakeException.class, () -> choose(subset, split, TRAIN, files))
                .getMessage();
    }

    private void readme(String head) throws IOException {
        readme = Optional.of(Files.writeString(folder.resolve("README.md"), "---\n" + head + "---\n# Rows\n"));
    }

    @Test
    void knowsSplitsByNames() {
        String[] shards = {
            "data/train-00000-of-00002.parquet",
            "data/train-00001-of-00002.parquet",
            "data/test-00000-of-00001.parquet",
            "data/extra_rows-00000-of-00001.parquet"
        };
        assertEquals(List.of(shards[0], shards[1]), choose(null, null, TRAIN, shards));
        assertEquals(List.of(shards[2]), choose(null, null, EVALUATION, shards));
        assertEquals(List.of(shards[3]), choose(null, "extra_rows", TRAIN, shards));
        String[] names = {"my_train.jsonl", "dev.jsonl", "testing.jsonl", "trainer.md", "dataset_infos.json"};
        assertEquals(List.of("my_train.jsonl"), choose(null, null, TRAIN, names));
        assertEquals(List.of("dev.jsonl"), choose(null, null, EVALUATION, names));
        assertEquals(List.of("dev.jsonl"), choose(null, "validation", TRAIN, names));
        assertEquals(List.of("testing.jsonl"), choose(null, "test", TRAIN, names));
        assertEquals(
                List.of("train/a.csv", "train/b.csv"),
                choose(null, null, TRAIN, "train/b.csv", "train/a.csv", "valid/a.csv"));
    }

    @Test
    void withoutASplitInTheNamesAllIsForTraining() {
        assertEquals(List.of("a.jsonl.gz", "b.jsonl"), choose(null, null, TRAIN, "a.jsonl.gz", "b.jsonl"));
        assertEquals(List.of("rows.csv"), choose(null, null, EVALUATION, "rows.csv"), "the only one there is");
    }

    @Test
    void takesOneFormOfASplit() {
        assertEquals(List.of("train.parquet"), choose(null, null, TRAIN, "train.csv", "train.json", "train.parquet"));
    }

    @Test
    void foldersAreSubsets() {
        String[] converted = {"de/train/0000.parquet", "en/train/0000.parquet", "en/validation/0000.parquet"};
        assertEquals(List.of("en/train/0000.parquet"), choose("en", null, TRAIN, converted));
        assertEquals(List.of("en/validation/0000.parquet"), choose("en", null, EVALUATION, converted));
        assertTrue(mistake("fr", null, converted).contains("has no subset fr; its folders are de, en"));
    }

    @Test
    void followsTheCard() throws IOException {
        readme(
                """
                license: mit
                configs:
                - config_name: big
                  data_files:
                  - split: train
                    path: [big/part-*.jsonl, more/**/*.jsonl]
                  - split: held_out
                    path: ./big/other.jsonl
                - config_name: small
                  default: true
                  data_files: small.csv
                - config_name: folder
                  data_dir: folder
                """);
        String[] files = {
            "big/part-1.jsonl",
            "big/part-2.jsonl",
            "big/other.jsonl",
            "more/x.jsonl",
            "more/a/y.jsonl",
            "small.csv",
            "folder/test.jsonl",
            "folder/train.jsonl"
        };
        assertEquals(List.of("small.csv"), choose(null, null, TRAIN, files));
        assertEquals(
                List.of("big/part-1.jsonl", "big/part-2.jsonl", "more/a/y.jsonl", "more/x.jsonl"),
                choose("big", null, TRAIN, files));
        assertEquals(List.of("big/other.jsonl"), choose("big", "held_out", TRAIN, files));
        assertEquals(List.of("folder/test.jsonl"), choose("folder", "test", TRAIN, files));
        assertTrue(mistake("none", null, files).contains("has no subset none; it has big, small, folder"));
        assertTrue(mistake("big", null).contains("names the files big/part-*.jsonl, of which there are none"));
    }

    @Test
    void asksForTheSubsetWhereThereIsNoDefault() throws IOException {
        readme("configs:\n- config_name: a\n  data_files: a.csv\n- config_name: b\n  data_files: b.csv\n");
        assertTrue(mistake(null, null, "a.csv", "b.csv").contains("has the subsets a, b, name one of them as subset"));
    }

    @Test
    void aCardWithoutFilesSaysNothing() throws IOException {
        readme("license: mit\n");
        assertEquals(List.of("train.csv"), choose(null, null, TRAIN, "train.csv"));
        readme("license: [\n");
        assertTrue(mistake(null, null, "train.csv").contains("is not valid YAML"));
    }

    @Test
    void saysWhatIsMissing() {
        assertTrue(mistake(null, "dev", "train.csv", "test.csv").contains("has no split dev; it has test, train"));
        assertTrue(mistake(null, null, "rows.py", "a.zip").contains("refs/convert/parquet"));
        assertTrue(mistake(null, "train[:10%]", "train.csv").contains("is not the name of one"));
    }
}
