package dev.prompttuning.serving.service;

import dev.prompttuning.serving.adapter.AdapterRegistry;
import dev.prompttuning.serving.adapter.LoadedAdapter;
import dev.prompttuning.serving.engine.GenerationRequest;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.serving.openai.ChatFormat;
import dev.prompttuning.serving.openai.ChatRequest;
import dev.prompttuning.serving.openai.CompletionFormat;
import dev.prompttuning.serving.openai.CompletionRequest;
import dev.prompttuning.serving.openai.Delivery;
import dev.prompttuning.serving.openai.Envelope;
import dev.prompttuning.serving.openai.ModelCard;
import dev.prompttuning.serving.openai.Prompt;
import dev.prompttuning.serving.openai.SamplingOptions;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.TextDecoder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Turns bodies of requests into what the engine runs. Used by many threads. */
public final class RequestPreparer {
    private final ServedBase base;
    private final AdapterRegistry adapters;
    private final Clock clock;

    public RequestPreparer(ServedBase base, AdapterRegistry adapters, Clock clock) {
        this.base = base;
        this.adapters = adapters;
        this.clock = clock;
    }

    /** The base model and the adapters that serve. */
    public List<ModelCard> models() {
        List<ModelCard> cards = new ArrayList<>();
        cards.add(new ModelCard(base.name(), base.loaded(), base.root(), Optional.empty(), base.contextLength()));
        for (LoadedAdapter adapter : adapters.loaded()) {
            cards.add(new ModelCard(
                    adapter.source().name(),
                    adapter.loaded(),
                    adapter.source().path().toString(),
                    Optional.of(base.name()),
                    base.contextLength()));
        }
        return cards;
    }

    /** @throws ApiException status 404 when nothing serves by that name */
    public ModelCard model(String name) {
        return models().stream()
                .filter(card -> card.id().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /** @throws ApiException status 400 or 404 */
    public PreparedRequest completion(String body) {
        CompletionRequest request = CompletionRequest.parse(body);
        Prefix prefix = prefix(request.model());
        List<long[]> prompts = request.prompts().stream().map(this::tokenIds).toList();
        Optional<GenerationSettings> settings =
                settings("prompt", prefix, prompts, request.sampling(), CompletionRequest.DEFAULT_MAX_TOKENS);
        return new PreparedRequest(
                new GenerationRequest(request.model(), prefix, prompts, request.n(), settings),
                new CompletionFormat(envelope("cmpl-", request.model(), request.delivery())),
                request.delivery(),
                request.echo() ? request.prompts().stream().map(this::text).toList() : List.of());
    }

    /** @throws ApiException status 400 or 404 */
    public PreparedRequest chat(String body) {
        ChatRequest request = ChatRequest.parse(body);
        Prefix prefix = prefix(request.model());
        checkBias(request.sampling());
        List<long[]> prompts = List.of(base.codec().encode(render(request), false));
        Optional<GenerationSettings> settings =
                settings("messages", prefix, prompts, request.sampling(), Integer.MAX_VALUE);
        return new PreparedRequest(
                new GenerationRequest(request.model(), prefix, prompts, request.n(), settings),
                new ChatFormat(envelope("chatcmpl-", request.model(), request.delivery())),
                request.delivery(),
                List.of());
    }

    private Envelope envelope(String idPrefix, String model, Delivery delivery) {
        String id = idPrefix + UUID.randomUUID().toString().replace("-", "");
        return new Envelope(id, clock.instant(), model, delivery.includeUsage());
    }

    private Prefix prefix(String model) {
        if (model.equals(base.name())) {
            return Prefix.NONE;
        }
        return adapters.find(model).map(LoadedAdapter::prefix).orElseThrow(() -> unknown(model));
    }

    private ApiException unknown(String model) {
        return ApiException.unknownModel(
                model, models().stream().map(ModelCard::id).toList());
    }

    private String render(ChatRequest request) {
        ChatRenderer chat = base.chat()
                .orElseThrow(() -> ApiException.invalid(
                        "messages",
                        "The model '" + base.name()
                                + "' has no chat template; use POST /v1/completions, or add a chat_template to its"
                                + " tokenizer_config.json."));
        try {
            return chat.render(request.messages(), request.addGenerationPrompt(), request.templateArguments());
        } catch (RuntimeException e) {
            throw ApiException.invalid(
                    "messages", "The model's chat template refuses these messages: " + e.getMessage());
        }
    }

    private long[] tokenIds(Prompt prompt) {
        if (prompt instanceof Prompt.Text text) {
            return base.codec().encode(text.text(), true);
        }
        long[] ids = ((Prompt.TokenIds) prompt).ids();
        for (long id : ids) {
            if (id >= base.vocabSize()) {
                throw ApiException.invalid(
                        "prompt",
                        "'prompt' holds token id " + id + ", and the model's ids end at " + (base.vocabSize() - 1)
                                + ".");
            }
        }
        return ids;
    }

    private void checkBias(SamplingOptions sampling) {
        for (int id : sampling.logitBias().keySet()) {
            if (id >= base.vocabSize()) {
                throw ApiException.invalid(
                        "logit_bias",
                        "'logit_bias' names token id " + id + ", and the model's ids end at " + (base.vocabSize() - 1)
                                + ".");
            }
        }
    }

    private String text(Prompt prompt) {
        if (prompt instanceof Prompt.Text text) {
            return text.text();
        }
        TextDecoder decoder = base.codec().decoder();
        StringBuilder text = new StringBuilder();
        for (long id : ((Prompt.TokenIds) prompt).ids()) {
            text.append(decoder.add(id));
        }
        return text.append(decoder.flush()).toString();
    }

    private Optional<GenerationSettings> settings(
            String param, Prefix prefix, List<long[]> prompts, SamplingOptions sampling, int defaultMaxTokens) {
        int longest = 0;
        for (long[] prompt : prompts) {
            if (prompt.length == 0) {
                throw ApiException.invalid(param, "'" + param + "' is empty; send at least one token.");
            }
            longest = Math.max(longest, prompt.length);
        }
        int room = base.contextLength() - prefix.length() - longest;
        int asked = sampling.maxTokens().orElse(1);
        if (asked > room) {
            throw tooLong(param, prefix.length(), longest, sampling);
        }
        int maxTokens = sampling.maxTokens().orElse(Math.min(defaultMaxTokens, room));
        return maxTokens == 0 ? Optional.empty() : Optional.of(base.defaults().settings(sampling, maxTokens));
    }

    private ApiException tooLong(String param, int virtual, int prompt, SamplingOptions sampling) {
        String counted = virtual == 0 ? "" : virtual + " virtual tokens of the adapter, ";
        String answer = sampling.maxTokens().isPresent()
                ? " and up to " + sampling.maxTokens().getAsInt() + " of the answer"
                : " and at least 1 of the answer";
        return ApiException.invalid(
                param,
                "context_length_exceeded",
                "This model's context is " + base.contextLength() + " tokens, and this request needs more: " + counted
                        + prompt + " of the prompt" + answer + ". Shorten the prompt or ask for fewer tokens.");
    }
}
