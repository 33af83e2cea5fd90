package dev.prompttuning.serving.seq2seq;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.adapter.AdapterConfig;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.seq2seq.Seq2SeqTuning;
import dev.prompttuning.serving.base.BaseLanguageModel;
import dev.prompttuning.serving.engine.Opening;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import dev.prompttuning.transformers.seq2seq.Seq2SeqPrompt;
import dev.prompttuning.transformers.seq2seq.Seq2SeqSession;
import dev.prompttuning.transformers.tokenizer.Tokenizer;

/** A base model that reads a text and writes another: the encoder reads the prompt, the decoder writes the answer. */
public final class Seq2SeqLanguageModel extends BaseLanguageModel {
    private final Seq2SeqLM model;

    /** @param manager parent of the model's; closed with this, as are the others */
    public Seq2SeqLanguageModel(NDManager manager, ModelFolder folder, Seq2SeqLM model, Tokenizer tokenizer) {
        super(manager, folder, tokenizer);
        this.model = model;
    }

    @Override
    public Seq2SeqLM model() {
        return model;
    }

    @Override
    public String taskType() {
        return AdapterConfig.SEQ_2_SEQ_LM;
    }

    @Override
    public Prefix prefix(TuningFolder adapter) {
        NDManager owner = model.manager().newSubManager();
        try {
            Seq2SeqTuning tuned = new Seq2SeqTuning(model, adapter.read(model, owner), false);
            return new Seq2SeqPrefix(tuned, tuned.prompt(), owner);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    @Override
    public Opening begin(Prefix prefix, long[] prompt) {
        if (!(prefix instanceof Seq2SeqPrefix adapter)) {
            return opening(new Seq2SeqSession(model, prompt, Seq2SeqPrompt.NONE), prompt.length);
        }
        if (adapter.closed()) {
            throw ApiException.unavailable("The adapter was replaced or removed just now; ask again.");
        }
        int read = adapter.prompt().sourceLength() + prompt.length;
        return opening(new Seq2SeqSession(adapter.model(), prompt, adapter.prompt()), read);
    }

    private static Opening opening(Seq2SeqSession session, int read) {
        return new Opening(session, session.opening(), read);
    }
}
