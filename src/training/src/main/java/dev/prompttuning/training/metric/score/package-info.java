/**
 * Measures of answers against the right ones, as plain functions of labels and texts: nothing here knows a model. Each computes what
 * the package computes that papers take it from (scikit-learn, seqeval, SQuAD's script, sacrebleu, rouge_score).
 */
package dev.prompttuning.training.metric.score;
