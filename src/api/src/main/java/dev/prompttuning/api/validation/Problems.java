package dev.prompttuning.api.validation;

import dev.prompttuning.api.model.BaseModel;
import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.api.model.Quantization;
import dev.prompttuning.api.serving.Adapter;
import dev.prompttuning.api.serving.AdapterServeSpec;
import dev.prompttuning.api.tuning.DataSource;
import dev.prompttuning.api.tuning.Dataset;
import dev.prompttuning.api.tuning.Precision;
import dev.prompttuning.api.tuning.PromptTuningJobSpec;
import dev.prompttuning.api.tuning.Training;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what a run would stumble over: rules the schema cannot say, rules the schema says (for those who use no
 * cluster), and what this version cannot do yet. Each problem is one sentence that names the field and the remedy.
 */
public final class Problems {
    private final List<String> found = new ArrayList<>();

    private Problems() {}

    /** The problems of a job, none when it may run. */
    public static List<String> of(PromptTuningJobSpec spec) {
        Problems problems = new Problems();
        if (spec == null) {
            return List.of("spec is missing: set baseModel, method, dataset and output.");
        }
        problems.baseModel(spec.baseModel());
        problems.found.addAll(TaskProblems.of(spec));
        problems.found.addAll(MethodProblems.of(
                spec.method(), spec.dataset() == null ? null : spec.dataset().tasks()));
        problems.quantization(spec);
        problems.dataset(spec.dataset());
        problems.training(spec.training(), spec.dataset());
        problems.require(
                spec.output() != null
                        && spec.output().persistentVolumeClaim() != null
                        && spec.output().persistentVolumeClaim().claimName() != null,
                "output.persistentVolumeClaim.claimName is missing: name the claim the adapter goes to.");
        return List.copyOf(problems.found);
    }

    /** The problems of a server, none when it may run. */
    public static List<String> of(AdapterServeSpec spec) {
        Problems problems = new Problems();
        if (spec == null) {
            return List.of("spec is missing: set baseModel.");
        }
        problems.baseModel(spec.baseModel());
        problems.adapters(spec.adapters() == null ? List.of() : spec.adapters());
        problems.unlessNull(spec.autoscaling(), true, "autoscaling", "set replicas");
        problems.unlessNull(spec.auth(), true, "auth", "leave it out and guard the service by a NetworkPolicy");
        problems.unlessNull(spec.expose(), true, "expose", "leave it out and route to the service yourself");
        return List.copyOf(problems.found);
    }

    private void baseModel(BaseModel model) {
        if (model == null) {
            found.add("baseModel is missing: set one of huggingFace, persistentVolumeClaim and uri.");
            return;
        }
        require(
                one(model.huggingFace(), model.persistentVolumeClaim(), model.uri()),
                "baseModel must have exactly one of huggingFace, persistentVolumeClaim and uri.");
        require(
                model.quantization() != Quantization.INT8 || model.dtype() == null || model.dtype() == Dtype.AUTO,
                "baseModel.quantization Int8 is a number format itself: leave baseModel.dtype out.");
    }

    private void quantization(PromptTuningJobSpec spec) {
        if (spec.baseModel() == null || spec.baseModel().quantization() != Quantization.INT8) {
            return;
        }
        require(
                spec.method() == null || spec.method().fullFineTuning() == null,
                "method.fullFineTuning trains the weights, which baseModel.quantization Int8 freezes: leave one of them out.");
        Precision precision = spec.training() == null ? null : spec.training().precision();
        require(
                precision == null || precision == Precision.AUTO || precision == Precision.FLOAT32,
                "training.precision does not go with baseModel.quantization Int8, which computes in Float32: leave it out.");
    }

    private void dataset(Dataset dataset) {
        if (dataset == null || dataset.train() == null) {
            found.add("dataset.train is missing: name the rows to learn.");
            return;
        }
        source("dataset.train", dataset.train());
        if (dataset.evaluation() != null) {
            source("dataset.evaluation", dataset.evaluation());
            require(
                    dataset.evaluationSplit() == null,
                    "dataset.evaluation and dataset.evaluationSplit exclude each other: leave one of them out.");
        }
        boolean conversations = dataset.format() != null && dataset.format().isConversation();
        require(
                conversations || dataset.chatTemplate() == null && !Boolean.TRUE.equals(dataset.maskHistory()),
                "dataset.chatTemplate and dataset.maskHistory are for conversations: set format to ShareGPT or Messages, or leave them out.");
        require(
                !conversations || dataset.template() == null,
                "dataset.template does not go with conversations: use dataset.chatTemplate.");
    }

    private void source(String field, DataSource source) {
        require(
                one(source.persistentVolumeClaim(), source.configMap(), source.huggingFace(), source.uri()),
                field + " must have exactly one of persistentVolumeClaim, configMap, huggingFace and uri.");
    }

    private void training(Training training, Dataset dataset) {
        if (training == null) {
            return;
        }
        require(
                training.epochs() == null || training.maxSteps() == null,
                "training.epochs and training.maxSteps exclude each other: leave one of them out.");
        var warmup = training.warmup();
        require(
                warmup == null || one(warmup.steps(), warmup.ratio()),
                "training.warmup must have exactly one of steps and ratio.");
        Double rate = training.learningRate();
        require(rate == null || rate > 0, "training.learningRate is " + rate + ": set it above 0.");
        Integer batch = training.batchSize();
        require(batch == null || batch > 0, "training.batchSize is " + batch + ": set it to 1 or more.");
        boolean heldOut = dataset != null && (dataset.evaluation() != null || dataset.evaluationSplit() != null);
        require(
                training.evaluation() == null || heldOut,
                "training.evaluation needs rows to evaluate: set dataset.evaluation or dataset.evaluationSplit.");
    }

    private void adapters(List<Adapter> adapters) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < adapters.size(); i++) {
            Adapter adapter = adapters.get(i);
            String field = "adapters[" + i + "]";
            require(adapter.name() != null, field + ".name is missing: requests give it as model.");
            require(
                    names.add(String.valueOf(adapter.name())),
                    field + ".name is " + adapter.name() + ", which another adapter has: choose another name.");
            require(
                    one(adapter.job(), adapter.persistentVolumeClaim()),
                    field + " must have exactly one of job and persistentVolumeClaim.");
            unlessNull(adapter.weight(), true, field + ".weight", "leave it out");
        }
    }

    private void unlessNull(Object value, boolean unsupported, String what, String remedy) {
        require(value == null || !unsupported, what + " is not supported yet in this version: " + remedy + ".");
    }

    private void require(boolean right, String sentence) {
        if (!right) {
            found.add(sentence);
        }
    }

    private static boolean one(Object... alternatives) {
        int set = 0;
        for (Object alternative : alternatives) {
            set += alternative == null ? 0 : 1;
        }
        return set == 1;
    }
}
