package dev.prompttuning.training.job;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.adapter.MergedModel;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.checkpoint.AtomicFolder;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import dev.prompttuning.transformers.seq2seq.Seq2SeqModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Merges LoRA into its base model: the output is a model folder that needs no adapter. Of a soft prompt with LoRA, the prompt goes
 * into the output's folder {@value #PROMPT}; no weights can stand for it.
 *
 * @param output a folder that is not there yet
 */
public record ExportJob(Path base, Path adapter, Path output, Device device) {

    /** Where the prompt is that belongs in front of the merged model. */
    public static final String PROMPT = "prompt";

    /**
     * @return the folder of the prompt that belongs in front of the merged model, if there is one
     * @throws UserMistakeException when there is nothing to merge, or already something in the output's place
     */
    public Optional<Path> run() throws IOException {
        if (Files.exists(output)) {
            throw new UserMistakeException(
                    "--output " + output + " is there already; name a folder that is not, or remove it.");
        }
        try (ModelFolder folder = ModelFolder.open(base);
                NDManager manager = NDManager.newBaseManager(device, "PyTorch")) {
            if (Seq2SeqModels.know(folder)) {
                try (Seq2SeqLM model = Seq2SeqModels.load(folder, manager, false, Precision.FLOAT32)) {
                    merge(folder, model, new TuningFolder(adapter).read(model, model.manager()));
                }
            } else {
                try (CausalLM model = CausalModels.load(folder, manager)) {
                    merge(folder, model, new TuningFolder(adapter).readForOneTask(model, model.manager()));
                }
            }
        }
        return Files.isDirectory(output.resolve(PROMPT)) ? Optional.of(output.resolve(PROMPT)) : Optional.empty();
    }

    private void merge(ModelFolder folder, LoadedModel model, Tuning tuning) throws IOException {
        Lora lora = tuning.lora()
                .orElseThrow(() -> new UserMistakeException("--adapter " + adapter
                        + " holds a soft prompt, which no weights can stand for; give an adapter with LoRA."));
        AtomicFolder.write(output, target -> write(target, new MergedModel(folder, model, lora), tuning));
    }

    private void write(Path target, MergedModel merged, Tuning tuning) throws IOException {
        merged.base().copyBesideWeights(target);
        merged.write(target.resolve("model.safetensors"));
        copyIfThere(adapter.resolve(ResultFolder.PROVENANCE), target.resolve(ResultFolder.PROVENANCE));
        if (tuning.prompt().isPresent()) {
            new TuningFolder(adapter).copyFilesTo(target.resolve(PROMPT));
        }
    }

    private static void copyIfThere(Path from, Path to) throws IOException {
        if (Files.isRegularFile(from)) {
            Files.copy(from, to);
        }
    }
}
