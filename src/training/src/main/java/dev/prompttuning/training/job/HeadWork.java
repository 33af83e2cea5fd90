package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.TrainedHead;
import dev.prompttuning.peft.method.TunedWithHead;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.peft.task.SpanRule;
import dev.prompttuning.peft.task.TaskTuning;
import dev.prompttuning.training.batch.TaskBatches;
import dev.prompttuning.training.data.RowReader;
import dev.prompttuning.training.data.TaskRow;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.Evaluator;
import dev.prompttuning.training.metric.TaskEvaluator;
import dev.prompttuning.training.objective.TaskObjective;
import dev.prompttuning.transformers.head.HeadSpec;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.TaskModel;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tunes a model with a head that scores labels or places. */
record HeadWork(TrainConfig config) implements TaskWork<TaskRow> {

    @Override
    public RowReader<TaskRow> reader(Tokenizer tokenizer) {
        return RowReaders.task(config, tokenizer);
    }

    @Override
    public Work start(Base base, TrainingData<TaskRow> data) {
        TaskModel model = LoadedModels.withHead(base.folder(), base.manager(), config, spec());
        Methods.Made made =
                new Methods(model, base.tokenizer(), config.training().seed(), 0).make(config.method());
        Tuning method = made.tuning() instanceof FullFineTuning
                ? made.tuning()
                : new TunedWithHead(made.tuning(), TrainedHead.of(model.head()));
        TaskTuning tuning = tuning(model, method);
        TaskBatches batches = batches(base.tokenizer());
        Optional<Evaluator> evaluator = data.evaluation().isEmpty()
                ? Optional.empty()
                : Optional.of(evaluator(tuning, base.tokenizer(), data.evaluation()));
        return new Work(
                model,
                new Methods.Made(method, made.init()),
                new TaskObjective(tuning, batches, data.train()),
                evaluator,
                configChanges(model));
    }

    private TaskEvaluator evaluator(TaskTuning tuning, Tokenizer tokenizer, List<TaskRow> rows) {
        return TaskEvaluator.of(
                tuning,
                batches(tokenizer),
                rows,
                config.labels(),
                tokenizer,
                config.training().batchSize());
    }

    private TaskTuning tuning(TaskModel model, Tuning method) {
        return new TaskTuning(
                model, method, SpanRule.OWN_TOKENS, config.training().gradientCheckpointing());
    }

    private HeadSpec spec() {
        int labels = config.task().hasLabels() ? config.labels().size() : 2;
        return new HeadSpec(headTask(), labels, config.training().seed());
    }

    private HeadTask headTask() {
        return switch (config.task()) {
            case SEQUENCE_CLASSIFICATION -> HeadTask.SEQ_CLS;
            case TOKEN_CLASSIFICATION -> HeadTask.TOKEN_CLS;
            case QUESTION_ANSWERING -> HeadTask.QUESTION_ANS;
            case CAUSAL_LM, SEQ2SEQ_LM -> throw new IllegalStateException("There is no head for " + config.task());
        };
    }

    private TaskBatches batches(Tokenizer tokenizer) {
        return new TaskBatches(tokenizer.padTokenId().orElse(0), headTask() == HeadTask.TOKEN_CLS);
    }

    /** What tells Hugging Face's loaders of the head and its labels. */
    private Map<String, Object> configChanges(TaskModel model) {
        Map<String, Object> changes = new LinkedHashMap<>();
        changes.put("architectures", List.of(architecture(model.config().modelType())));
        if (config.task().hasLabels()) {
            Map<String, String> names = new LinkedHashMap<>();
            Map<String, Integer> numbers = new LinkedHashMap<>();
            for (int label = 0; label < config.labels().size(); label++) {
                names.put(String.valueOf(label), config.labels().get(label));
                numbers.put(config.labels().get(label), label);
            }
            changes.put("id2label", names);
            changes.put("label2id", numbers);
        }
        return changes;
    }

    private String architecture(String modelType) {
        String head =
                switch (headTask()) {
                    case SEQ_CLS -> "ForSequenceClassification";
                    case TOKEN_CLS -> "ForTokenClassification";
                    case QUESTION_ANS -> "ForQuestionAnswering";
                };
        return Character.toUpperCase(modelType.charAt(0)) + modelType.substring(1) + head;
    }

    @Override
    public EvaluationResult evaluate(
            Base base, Optional<TuningFolder> adapter, List<TaskRow> rows, boolean writeAnswers) {
        try (TaskModel model = LoadedModels.withFrozenHead(base.folder(), base.manager(), config, spec())) {
            Tuning method = adapter.map(saved -> saved.read(model, model.manager()))
                    .orElseGet(() -> new FullFineTuning(new Parameters(Map.of())));
            return evaluator(tuning(model, method), base.tokenizer(), rows).evaluate();
        }
    }
}
