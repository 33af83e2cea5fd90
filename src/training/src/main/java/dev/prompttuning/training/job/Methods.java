package dev.prompttuning.training.job;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.api.contract.MethodConfig;
import dev.prompttuning.api.tuning.EncoderType;
import dev.prompttuning.peft.causal.TextInit;
import dev.prompttuning.peft.lora.LoraSettings;
import dev.prompttuning.peft.lora.LoraTargets;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.peft.method.Loras;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.PromptEncoder;
import dev.prompttuning.peft.method.PromptInit;
import dev.prompttuning.peft.method.PromptPerTask;
import dev.prompttuning.peft.method.PromptTuning;
import dev.prompttuning.peft.method.PromptWithLora;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.SoftPrompts;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.model.Backbone;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Makes what is trained, as the configuration says.
 *
 * @param tasks number of tasks, for methods with a prompt for each
 */
record Methods(LoadedModel model, Tokenizer tokenizer, long seed, int tasks) {

    /**
     * @param init where a prompt started
     */
    record Made(Tuning tuning, PromptInit init) {}

    Made make(MethodConfig config) {
        if (config instanceof MethodConfig.PromptTuning prompt) {
            return promptTuning(prompt);
        }
        if (config instanceof MethodConfig.PTuning pTuning) {
            return new Made(prompts().pTuning(pTuning.numVirtualTokens(), encoder(pTuning)), new PromptInit.Random());
        }
        if (config instanceof MethodConfig.PrefixTuning prefix) {
            return prefixTuning(prefix);
        }
        if (config instanceof MethodConfig.Lora lora) {
            return new Made(lora(lora), new PromptInit.Random());
        }
        if (config instanceof MethodConfig.PromptWithLora both) {
            Made prompt = make(both.prompt());
            SoftPrompt softPrompt = prompt.tuning().prompt().orElseThrow();
            return new Made(new PromptWithLora(softPrompt, lora(both.lora())), prompt.init());
        }
        if (config instanceof MethodConfig.MultitaskPromptTuning multitask) {
            return multitask(multitask);
        }
        if (config instanceof MethodConfig.PromptPerTask perTask) {
            return perTask(perTask);
        }
        return new Made(new FullFineTuning(new Parameters(model.weights())), new PromptInit.Random());
    }

    /** The factors of the tasks' own matrices begin with ones, so that all start from the shared prompt. */
    private Made multitask(MethodConfig.MultitaskPromptTuning config) {
        Made shared =
                promptTuning(new MethodConfig.PromptTuning(config.numVirtualTokens(), config.init(), config.text()));
        try (Scope scope = Scope.open()) {
            NDArray start = shared.tuning().parameters().get(PromptTuning.EMBEDDING);
            return new Made(prompts().multitaskPromptTuning(start, tasks, config.rank()), shared.init());
        }
    }

    /** Prompts from the same settings with different random numbers. */
    private Made perTask(MethodConfig.PromptPerTask config) {
        List<Made> made = IntStream.range(0, tasks)
                .mapToObj(task -> new Methods(model, tokenizer, seed + task, 1).make(config.prompt()))
                .toList();
        List<SoftPrompt> prompts =
                made.stream().map(one -> one.tuning().prompt().orElseThrow()).toList();
        return new Made(new PromptPerTask(prompts), made.get(0).init());
    }

    private Lora lora(MethodConfig.Lora config) {
        List<String> targets = config.targetModules() == null
                ? LoraTargets.defaults(model.config().modelType())
                : config.targetModules();
        LoraSettings settings =
                new LoraSettings(config.rank(), config.alpha(), config.dropout(), config.rankStabilized(), targets);
        try {
            return new Loras(model.linears(), model.manager(), seed).lora(settings);
        } catch (IllegalArgumentException e) {
            throw new UserMistakeException("method.lora.targetModules: " + e.getMessage());
        }
    }

    private SoftPrompts prompts() {
        return new SoftPrompts(model.config(), model.manager(), seed, model.transformerSubmodules());
    }

    private Made promptTuning(MethodConfig.PromptTuning config) {
        int count = config.numVirtualTokens();
        SoftPrompts prompts = prompts();
        return switch (config.init()) {
            case RANDOM -> new Made(prompts.promptTuning(count), new PromptInit.Random());
            case SAMPLE_VOCAB ->
                new Made(
                        fromTokens(prompts, prompts.sampledVocabulary(prompts.rows(count)), count),
                        new PromptInit.SampledVocabulary());
            case TEXT ->
                new Made(fromTokens(prompts, tokens(config.text()), count), new PromptInit.Text(config.text()));
        };
    }

    private Tuning fromTokens(SoftPrompts prompts, long[] tokens, int count) {
        try (Scope scope = Scope.open()) {
            NDArray start = TextInit.embeddings(model, TextInit.fitted(tokens, prompts.rows(count)));
            return prompts.promptTuning(start);
        }
    }

    /** PEFT tokenizes the text with whatever special tokens the tokenizer adds. */
    private long[] tokens(String text) {
        long[] tokens = tokenizer.encode(text, true);
        if (tokens.length == 0) {
            throw new UserMistakeException(
                    "method: the text to start from, \"%s\", has no tokens; give it some words.".formatted(text));
        }
        return tokens;
    }

    private PromptEncoder encoder(MethodConfig.PTuning config) {
        int hidden = config.hiddenSize() == null ? model.config().hiddenSize() : config.hiddenSize();
        return config.encoder() == EncoderType.LSTM
                ? new PromptEncoder.Lstm(hidden, config.numLayers(), config.dropout())
                : new PromptEncoder.Mlp(hidden, config.numLayers(), config.dropout());
    }

    private Made prefixTuning(MethodConfig.PrefixTuning config) {
        if (model instanceof Seq2SeqLM both
                && both.decoderConfig().numLayers() > model.config().numLayers()) {
            throw new UserMistakeException(
                    "method.prefixTuning: the base model has more decoder layers than encoder layers, and PEFT makes keys and values for as many as the encoder has; use promptTuning or lora.");
        }
        int count = config.numVirtualTokens();
        OptionalInt projection = OptionalInt.empty();
        if (config.projection()) {
            Integer size = config.projectionHiddenSize();
            projection = OptionalInt.of(size == null ? model.config().hiddenSize() : size);
        }
        return switch (config.init()) {
            case RANDOM -> new Made(prompts().prefixTuning(count, projection, false), new PromptInit.Random());
            case ZERO -> new Made(prompts().prefixTuning(count, projection, true), new PromptInit.Zero());
            case TEXT -> {
                if (config.projection()) {
                    throw new UserMistakeException("method.prefixTuning has both a projection and a text to start from,"
                            + " which do not go together; remove one of them.");
                }
                if (!(model instanceof Backbone layers)) {
                    throw new UserMistakeException(
                            "method.prefixTuning.init Text does not go with task Seq2SeqLM; use Zero, or leave init out.");
                }
                try (Scope scope = Scope.open()) {
                    NDArray start = TextInit.prefix(layers, TextInit.fitted(tokens(config.text()), count));
                    yield new Made(prompts().prefixTuning(start), new PromptInit.Text(config.text()));
                }
            }
        };
    }
}
