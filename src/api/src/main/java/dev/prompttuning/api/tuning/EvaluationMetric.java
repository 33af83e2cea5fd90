package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What an evaluation is judged by. */
public enum EvaluationMetric {
    /** Mean cross entropy of the answer tokens, or of the labels. */
    @JsonProperty("Loss")
    LOSS(Kind.ANY),

    /** The exponential of the loss. */
    @JsonProperty("Perplexity")
    PERPLEXITY(Kind.WRITTEN),

    /** The share of rows whose greedy answer equals the given one, or all of whose labels are right. */
    @JsonProperty("ExactMatch")
    EXACT_MATCH(Kind.ANY),

    /** The share of labels that are right, of a task with labels or places. */
    @JsonProperty("Accuracy")
    ACCURACY(Kind.HEAD),

    /** The mean of the labels' F1. */
    @JsonProperty("MacroF1")
    MACRO_F1(Kind.LABELS),

    /** The F1 of all labels together. */
    @JsonProperty("MicroF1")
    MICRO_F1(Kind.LABELS),

    /** The F1 of named entities, as seqeval's. */
    @JsonProperty("EntityF1")
    ENTITY_F1(Kind.TAGS),

    /** The share of answers that are right by SQuAD's rules. */
    @JsonProperty("AnswerExactMatch")
    ANSWER_EXACT_MATCH(Kind.ANSWER),

    /** The mean F1 of the words of answers by SQuAD's rules. */
    @JsonProperty("AnswerF1")
    ANSWER_F1(Kind.ANSWER),

    /** BLEU of generated answers, from 0 to 100. */
    @JsonProperty("Bleu")
    BLEU(Kind.GENERATED),

    /** ROUGE of single words of generated answers. */
    @JsonProperty("Rouge1")
    ROUGE_1(Kind.GENERATED),

    /** ROUGE of pairs of words of generated answers. */
    @JsonProperty("Rouge2")
    ROUGE_2(Kind.GENERATED),

    /** ROUGE of the longest common subsequence of generated answers. */
    @JsonProperty("RougeL")
    ROUGE_L(Kind.GENERATED);

    /** What a metric looks at. */
    private enum Kind {
        ANY,
        /** Tokens of a text that the model goes on with. */
        WRITTEN,
        /** Text that the model has made up to its end. */
        GENERATED,
        HEAD,
        LABELS,
        TAGS,
        /** The text of an answer, found or made up. */
        ANSWER
    }

    private final Kind kind;

    EvaluationMetric(Kind kind) {
        this.kind = kind;
    }

    /** Its name in specs, for example {@code MacroF1}. */
    public String label() {
        return Arrays.stream(name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return label();
    }

    /** Its name in status and result files, for example {@code macroF1}. */
    public String key() {
        return Character.toLowerCase(label().charAt(0)) + label().substring(1);
    }

    /** Whether more of it is better; else less is. */
    public boolean higherIsBetter() {
        return this != LOSS && this != PERPLEXITY;
    }

    /** Whether a task can be judged by it. */
    public boolean fits(Task task) {
        return switch (kind) {
            case ANY -> true;
            case WRITTEN, GENERATED -> !task.hasHead();
            case HEAD -> task.hasHead();
            case LABELS -> task.hasLabels();
            case TAGS -> task == Task.TOKEN_CLASSIFICATION;
            case ANSWER -> !task.hasHead() || task == Task.QUESTION_ANSWERING;
        };
    }

    /** Whether the model has to write answers for it, token by token, which takes longer than to score given ones. */
    public boolean needsGeneration(Task task) {
        return kind == Kind.GENERATED || kind == Kind.ANSWER && !task.hasHead();
    }
}
