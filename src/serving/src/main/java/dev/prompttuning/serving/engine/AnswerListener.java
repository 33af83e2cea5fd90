package dev.prompttuning.serving.engine;

import dev.prompttuning.serving.openai.FinishReason;
import dev.prompttuning.serving.openai.Usage;

/** Hears of a request's answers, on the engine's thread; after {@link #done} or {@link #failed} nothing comes. */
public interface AnswerListener {

    void text(int index, String text);

    void finished(int index, FinishReason reason);

    void done(Usage usage);

    void failed(RuntimeException cause);
}
