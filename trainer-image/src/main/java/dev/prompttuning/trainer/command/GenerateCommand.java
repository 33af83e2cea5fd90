package dev.prompttuning.trainer.command;

import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.api.model.Quantization;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.serving.base.AdapterFit;
import dev.prompttuning.serving.base.BaseLanguageModel;
import dev.prompttuning.serving.base.LanguageModels;
import dev.prompttuning.serving.engine.Opening;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.generation.GenerationListener;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Generator;
import dev.prompttuning.transformers.generation.Penalties;
import dev.prompttuning.transformers.generation.Sampling;
import dev.prompttuning.transformers.generation.ScoredToken;
import dev.prompttuning.transformers.generation.Stopping;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Continues one prompt and prints what comes. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        description = "Continues a prompt with a model, or with an adapter on it, and prints the text as it comes.")
public final class GenerateCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Folder of the base model.")
    Path model;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "Folder of the adapter. Default: the bare base model.")
    Path adapter;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "AUTO",
            description = "How the weights are held: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    Dtype dtype;

    @Option(
            names = "--quantization",
            paramLabel = "TYPE",
            defaultValue = "NONE",
            description = "How the weights are compressed: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    Quantization quantization;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "Default: ${DEFAULT-VALUE}.")
    int maxNewTokens;

    @Option(
            names = "--min-new-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Default: ${DEFAULT-VALUE}.")
    int minNewTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "0, the default, takes the likeliest token always.")
    double temperature;

    @Option(names = "--top-k", paramLabel = "K", defaultValue = "0", description = "Default: all tokens.")
    int topK;

    @Option(names = "--top-p", paramLabel = "P", defaultValue = "1", description = "Default: all tokens.")
    double topP;

    @Option(names = "--repetition-penalty", paramLabel = "R", defaultValue = "1", description = "Default: none.")
    double repetitionPenalty;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}.")
    long seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Ends the text; may be given several times.")
    List<String> stop = List.of();

    @Mixin
    DeviceOption device;

    @Parameters(paramLabel = "PROMPT", description = "The text to continue.")
    String prompt;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        try (BaseLanguageModel base = LanguageModels.load(model, dtype, quantization, device.start());
                Prefix prefix = prefix(base)) {
            long[] ids = base.encode(prompt, true);
            if (ids.length == 0) {
                throw new UserMistakeException("The prompt is empty; give at least one word.");
            }
            int room = base.model().config().maxPositions() - prefix.length() - ids.length;
            if (room < 1) {
                throw new UserMistakeException("The prompt has " + ids.length + " tokens and the adapter "
                        + prefix.length() + "; the model takes "
                        + base.model().config().maxPositions() + " in all: shorten the prompt.");
            }
            PrintWriter out = spec.commandLine().getOut();
            Opening opening = base.begin(prefix, ids);
            try (DecodeSession session = opening.session()) {
                Generator.generate(
                        session, opening.tokens(), settings(base, room), base.decoder(), printing(out), () -> false);
            }
            out.println();
            out.flush();
        }
        return 0;
    }

    private Prefix prefix(BaseLanguageModel base) {
        if (adapter == null) {
            return Prefix.NONE;
        }
        if (!Files.isDirectory(adapter)) {
            throw new UserMistakeException(
                    "--adapter " + adapter + ": there is no such folder; name an adapter's folder.");
        }
        TuningFolder folder = new TuningFolder(adapter);
        new AdapterFit(base).check(folder);
        return base.prefix(folder);
    }

    private GenerationSettings settings(BaseLanguageModel base, int room) {
        try {
            int most = Math.min(maxNewTokens, room);
            GenerationSettings settings = GenerationSettings.greedy(most)
                    .withStopping(new Stopping(
                            most, Math.min(minNewTokens, most), base.defaults().endTokens(), stop))
                    .withPenalties(Penalties.repetition(repetitionPenalty));
            return temperature == 0 ? settings : settings.withSampling(Sampling.of(temperature, topK, topP, seed));
        } catch (IllegalArgumentException e) {
            throw new UserMistakeException(e.getMessage() + ".");
        }
    }

    private static GenerationListener printing(PrintWriter out) {
        return new GenerationListener() {
            @Override
            public void onToken(ScoredToken token, String text) {
                onEnd(text);
            }

            @Override
            public void onEnd(String text) {
                out.print(text);
                out.flush();
            }
        };
    }
}
