package dev.prompttuning.serving.causal;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.serving.base.BaseLanguageModel;
import dev.prompttuning.serving.engine.Opening;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalSession;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.tokenizer.Tokenizer;

/** A base model that goes on with a text. */
public final class CausalLanguageModel extends BaseLanguageModel {
    private final CausalLM model;

    /** @param manager parent of the model's; closed with this, as are the others */
    public CausalLanguageModel(NDManager manager, ModelFolder folder, CausalLM model, Tokenizer tokenizer) {
        super(manager, folder, tokenizer);
        this.model = model;
    }

    @Override
    public CausalLM model() {
        return model;
    }

    @Override
    public String taskType() {
        return "CAUSAL_LM";
    }

    @Override
    public Prefix prefix(TuningFolder adapter) {
        NDManager owner = model.manager().newSubManager();
        try {
            Tuning tuning = adapter.readForOneTask(model, owner);
            CausalTuning tuned = new CausalTuning(model, tuning, false);
            KeyValues keyValues = tuned.prefix();
            boolean computed = tuning.prompt()
                    .filter(prompt -> !prompt.type().isKeyValues())
                    .isPresent();
            return new KeyValuePrefix(tuned, keyValues, owner, computed ? keyValues.length() : 0);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    @Override
    public Opening begin(Prefix prefix, long[] prompt) {
        if (!(prefix instanceof KeyValuePrefix adapter)) {
            return new Opening(new CausalSession(model, KeyValues.NONE), prompt, 0);
        }
        if (adapter.closed()) {
            throw ApiException.unavailable("The adapter was replaced or removed just now; ask again.");
        }
        return new Opening(new CausalSession(adapter.model(), adapter.keyValues()), prompt, 0);
    }
}
