package dev.prompttuning.serving.openai;

/**
 * How an answer is sent.
 *
 * @param streamed as server-sent events
 * @param includeUsage whether a last chunk before {@code [DONE]} tells the usage
 */
public record Delivery(boolean streamed, boolean includeUsage) {

    static Delivery read(RequestFields fields) {
        boolean streamed = fields.flag("stream", false);
        boolean includeUsage = fields.object("stream_options")
                .map(options -> {
                    if (!streamed) {
                        throw ApiException.invalid(
                                "stream_options", "'stream_options' goes with 'stream': true only; leave it out.");
                    }
                    return options.flag("include_usage", false);
                })
                .orElse(false);
        return new Delivery(streamed, includeUsage);
    }
}
