package dev.prompttuning.quickstart;

import dev.prompttuning.quickstart.model.Architecture;
import dev.prompttuning.quickstart.model.RandomModel;
import dev.prompttuning.quickstart.text.Example;
import dev.prompttuning.quickstart.text.JsonLines;
import dev.prompttuning.quickstart.tokenizer.TokenizerFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Writes what the base model's training needs: {@code models/random} (an untrained model folder), {@code data/corpus.jsonl}, an
 * empty {@code output}, and {@code job.yaml}, a PromptTuningJob over these three as volumes.
 */
public final class MakeBaseModel {
    private MakeBaseModel() {}

    /** Run as a command with the folder to write to. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("Usage: MakeBaseModel OUT_DIR");
            System.exit(2);
        }
        write(Path.of(arguments[0]));
    }

    static void write(Path folder) throws IOException {
        Path model = Files.createDirectories(folder.resolve("models/random"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.createDirectories(folder.resolve("output"));
        List<Example> corpus = Recipe.corpus();
        JsonLines.write(data.resolve("corpus.jsonl"), corpus);
        TokenizerFolder tokenizer =
                TokenizerFolder.learn(corpus.stream().map(row -> row.prompt() + row.completion()), Recipe.VOCABULARY);
        tokenizer.write(model);
        new RandomModel(Architecture.quickstart(tokenizer.size()), Recipe.WEIGHTS_SEED)
                .write(model, tokenizer.id(TokenizerFolder.END_OF_TEXT), tokenizer.id(TokenizerFolder.TURN_END));
        copy("base-model-job.yaml", folder.resolve("job.yaml"));
        copy("model-card.md", model.resolve("README.md"));
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = MakeBaseModel.class.getResourceAsStream(resource)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
