package dev.prompttuning.api.contract;

import dev.prompttuning.api.contract.TrainConfig.Data;
import dev.prompttuning.api.contract.TrainConfig.DataLocation;
import dev.prompttuning.api.contract.TrainConfig.Loop;
import dev.prompttuning.api.contract.TrainConfig.Target;
import dev.prompttuning.api.model.BaseModel;
import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.api.model.HubSource;
import dev.prompttuning.api.model.Quantization;
import dev.prompttuning.api.tuning.CheckpointPolicy;
import dev.prompttuning.api.tuning.DataSource;
import dev.prompttuning.api.tuning.Dataset;
import dev.prompttuning.api.tuning.DatasetFormat;
import dev.prompttuning.api.tuning.EarlyStopping;
import dev.prompttuning.api.tuning.EncoderType;
import dev.prompttuning.api.tuning.Evaluation;
import dev.prompttuning.api.tuning.EvaluationMetric;
import dev.prompttuning.api.tuning.HubDataset;
import dev.prompttuning.api.tuning.Lora;
import dev.prompttuning.api.tuning.Method;
import dev.prompttuning.api.tuning.Precision;
import dev.prompttuning.api.tuning.PrefixInitType;
import dev.prompttuning.api.tuning.PromptEncoder;
import dev.prompttuning.api.tuning.PromptInitType;
import dev.prompttuning.api.tuning.PromptTuningJobSpec;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.api.tuning.Training;
import dev.prompttuning.api.tuning.Warmup;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** From a spec to the configuration of a pod: resolves defaults, turns volumes into paths. */
public final class TrainConfigs {
    private static final double WARMUP_RATIO = 0.05;
    private static final int EPOCHS = 3;

    private TrainConfigs() {}

    /** The configuration of a job that {@code Problems.of} finds nothing wrong with. */
    public static TrainConfig of(PromptTuningJobSpec spec, String jobName, Mounts mounts) {
        String adapterName = spec.adapterName(jobName);
        var claim = spec.output().persistentVolumeClaim();
        Target target = new Target(adapterName, mounts.claim(claim.claimName(), claim.path()) + "/" + adapterName);
        return new TrainConfig(
                jobName,
                model(spec.baseModel(), mounts),
                spec.task() == Task.CAUSAL_LM ? null : spec.task(),
                spec.labels(),
                method(spec.method()),
                data(spec, mounts),
                loop(spec.training(), spec.method()),
                target,
                ContractPaths.PORT);
    }

    /** Where a base model is, as a pod sees it. */
    public static ModelSource model(BaseModel model, Mounts mounts) {
        HubSource hub = model.huggingFace();
        var claim = model.persistentVolumeClaim();
        return new ModelSource(
                modelName(model),
                claim == null ? null : mounts.claim(claim.claimName(), claim.path()),
                hub == null ? null : hub.repo(),
                hub == null ? null : or(hub.revision(), HubSource.DEFAULT_REVISION),
                model.uri(),
                or(model.dtype(), Dtype.AUTO),
                model.quantization() == Quantization.NONE ? null : model.quantization(),
                model.cache() == null ? null : mounts.claim(model.cache().claimName()));
    }

    /** What people call a base model: its repository, its claim and path, or its address. */
    public static String modelName(BaseModel model) {
        if (model.huggingFace() != null) {
            return model.huggingFace().repo();
        }
        var claim = model.persistentVolumeClaim();
        return claim == null ? model.uri() : slashed(claim.claimName(), claim.path());
    }

    private static MethodConfig method(Method method) {
        if (method.lora() == null) {
            MethodConfig config = withoutLora(method);
            return Boolean.TRUE.equals(method.promptPerTask()) ? new MethodConfig.PromptPerTask(config) : config;
        }
        MethodConfig.Lora lora = lora(method.lora());
        return hasPrompt(method) ? new MethodConfig.PromptWithLora(withoutLora(method), lora) : lora;
    }

    private static boolean hasPrompt(Method method) {
        return method.promptTuning() != null || method.pTuning() != null || method.prefixTuning() != null;
    }

    private static MethodConfig.Lora lora(Lora lora) {
        return new MethodConfig.Lora(
                lora.rank(),
                or(lora.alpha(), 2.0 * lora.rank()),
                or(lora.dropout(), 0.0),
                or(lora.rankStabilized(), false),
                lora.targetModules());
    }

    private static MethodConfig withoutLora(Method method) {
        if (method.promptTuning() != null) {
            var init = method.promptTuning().init();
            return new MethodConfig.PromptTuning(
                    method.promptTuning().numVirtualTokens(),
                    init == null ? PromptInitType.SAMPLE_VOCAB : init.type(),
                    init == null ? null : init.text());
        }
        if (method.multitaskPromptTuning() != null) {
            var multitask = method.multitaskPromptTuning();
            return new MethodConfig.MultitaskPromptTuning(
                    multitask.numVirtualTokens(),
                    or(multitask.rank(), 1),
                    multitask.init() == null
                            ? PromptInitType.SAMPLE_VOCAB
                            : multitask.init().type(),
                    multitask.init() == null ? null : multitask.init().text());
        }
        if (method.pTuning() != null) {
            PromptEncoder encoder = or(method.pTuning().encoder(), new PromptEncoder(null, null, null, null));
            return new MethodConfig.PTuning(
                    method.pTuning().numVirtualTokens(),
                    or(encoder.type(), EncoderType.MLP),
                    encoder.hiddenSize(),
                    or(encoder.numLayers(), 2),
                    or(encoder.dropout(), 0.0));
        }
        if (method.prefixTuning() != null) {
            var prefix = method.prefixTuning();
            return new MethodConfig.PrefixTuning(
                    prefix.numVirtualTokens(),
                    prefix.projection() != null,
                    prefix.projection() == null ? null : prefix.projection().hiddenSize(),
                    prefix.init() == null
                            ? PrefixInitType.RANDOM
                            : prefix.init().type(),
                    prefix.init() == null ? null : prefix.init().text());
        }
        return new MethodConfig.FullFineTuning();
    }

    private static Data data(PromptTuningJobSpec spec, Mounts mounts) {
        Dataset data = spec.dataset();
        return new Data(
                location(data.train(), mounts),
                data.evaluation() == null ? null : location(data.evaluation(), mounts),
                or(data.format(), spec.hasHead() ? DatasetFormat.LABELED : DatasetFormat.ALPACA),
                data.columns() == null ? Map.of() : new TreeMap<>(data.columns()),
                data.template(),
                or(data.maxLength(), 512),
                data.evaluationSplit(),
                or(data.trainOnPrompt(), false),
                spec.method().knowsTasks()
                        ? new TrainConfig.Tasks(
                                or(data.tasks().column(), "task"), data.tasks().names())
                        : null,
                data.chatTemplate(),
                or(data.maskHistory(), false),
                data.streaming(),
                spec.tellsLabelsByWords() ? or(data.templates(), List.of("{text}\nLabel: {label}")) : null,
                spec.tellsLabelsByWords() ? verbalizers(spec) : null);
    }

    private static Map<String, List<String>> verbalizers(PromptTuningJobSpec spec) {
        Map<String, List<String>> words = new TreeMap<>();
        spec.labels().forEach(label -> words.put(label, List.of(label)));
        words.putAll(or(spec.dataset().verbalizers(), Map.of()));
        return words;
    }

    private static DataLocation location(DataSource source, Mounts mounts) {
        if (source.persistentVolumeClaim() != null) {
            var claim = source.persistentVolumeClaim();
            String path = mounts.claim(claim.claimName(), claim.path());
            return new DataLocation(slashed(claim.claimName(), claim.path()), path, null, null, null, null, null);
        }
        if (source.configMap() != null) {
            var map = source.configMap();
            String path = mounts.configMap(map.name()) + "/" + map.key();
            return new DataLocation(slashed(map.name(), map.key()), path, null, null, null, null, null);
        }
        if (source.huggingFace() != null) {
            HubDataset hub = source.huggingFace();
            String revision = or(hub.revision(), HubSource.DEFAULT_REVISION);
            return new DataLocation(hub.repo(), null, hub.repo(), revision, hub.subset(), hub.split(), null);
        }
        return new DataLocation(source.uri(), null, null, null, null, null, source.uri());
    }

    private static Loop loop(Training given, Method method) {
        Training training = or(given, Training.defaults());
        Warmup warmup = or(training.warmup(), new Warmup(null, WARMUP_RATIO));
        Evaluation evaluation = or(training.evaluation(), new Evaluation(null, null, null, null, null));
        EarlyStopping stopping = evaluation.earlyStopping();
        CheckpointPolicy checkpoint = or(training.checkpoint(), new CheckpointPolicy(null, null));
        return new Loop(
                training.maxSteps() == null ? or(training.epochs(), EPOCHS) : null,
                training.maxSteps(),
                or(training.batchSize(), 8),
                or(training.gradientAccumulationSteps(), 1),
                or(training.learningRate(), learningRate(method)),
                or(training.scheduler(), Scheduler.LINEAR),
                warmup.steps(),
                warmup.ratio(),
                or(training.weightDecay(), 0.0),
                or(training.maxGradNorm(), 1.0),
                or(training.precision(), Precision.AUTO),
                or(training.gradientCheckpointing(), false),
                or(training.seed(), 42L),
                or(training.loggingSteps(), 10),
                evaluation.steps(),
                or(evaluation.metric(), EvaluationMetric.LOSS),
                or(evaluation.loadBest(), false),
                stopping == null ? null : stopping.patience(),
                stopping == null ? 0.0 : or(stopping.minDelta(), 0.0),
                or(evaluation.maxNewTokens(), 32),
                or(checkpoint.steps(), 100),
                or(checkpoint.keep(), 2));
    }

    private static double learningRate(Method method) {
        if (method.lora() != null) {
            return hasPrompt(method) ? 1e-3 : 2e-4;
        }
        if (method.promptTuning() != null || method.multitaskPromptTuning() != null) {
            return 1e-2;
        }
        if (method.pTuning() != null) {
            return 1e-3;
        }
        if (method.prefixTuning() != null) {
            return method.prefixTuning().projection() == null ? 5e-3 : 1e-3;
        }
        return 1e-5;
    }

    private static String slashed(String name, String path) {
        return path == null || path.isEmpty() ? name : name + "/" + path;
    }

    private static <T> T or(T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
