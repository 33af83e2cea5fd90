package dev.prompttuning.training.verbalizer;

import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.TaskRow;
import dev.prompttuning.training.data.TaskText;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.Evaluator;
import dev.prompttuning.training.metric.LabelScores;
import dev.prompttuning.training.metric.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Lets templates vote. A label's probability under a template is that of its words, together, among the words of all labels; the
 * vote is the mean of the templates' log-probabilities. The loss is the negative log-probability of the right label in the vote.
 */
public final class VerbalizedEvaluator implements Evaluator {
    /** Rows whose candidates are sorted by length together. */
    private static final int GROUP = 64;

    private final CausalTuning tuning;
    private final LanePlanner planner;
    private final Verbalizer verbalizer;
    private final List<VerbalizedRow> rows;
    private final int batchSize;

    public VerbalizedEvaluator(
            CausalTuning tuning, LanePlanner planner, Verbalizer verbalizer, List<VerbalizedRow> rows, int batchSize) {
        this.tuning = tuning;
        this.planner = planner;
        this.verbalizer = verbalizer;
        this.rows = rows;
        this.batchSize = batchSize;
    }

    @Override
    public EvaluationResult evaluate() {
        LabelScores scores = new LabelScores(verbalizer.labels(), false);
        List<Prediction> predictions = new ArrayList<>();
        double sum = 0;
        int correct = 0;
        for (int from = 0; from < rows.size(); from += GROUP) {
            List<VerbalizedRow> some = rows.subList(from, Math.min(rows.size(), from + GROUP));
            double[][][] likelihoods = likelihoods(some);
            for (int row = 0; row < some.size(); row++) {
                double[] votes = votes(likelihoods[row]);
                int label = some.get(row).label();
                sum -= votes[label];
                correct += best(votes) == label ? 1 : 0;
                predictions.add(scores.add(labelled(some.get(row)), new float[][] {floats(votes)}));
            }
        }
        double accuracy = (double) correct / Math.max(1, rows.size());
        return EvaluationResult.ofLabels(new Loss(sum, rows.size(), correct), rows.size(), accuracy)
                .with(scores.metrics(), scores.confusion(), predictions);
    }

    private static TaskRow labelled(VerbalizedRow row) {
        return new TaskRow(
                new int[0],
                new int[0],
                new long[] {row.label()},
                row.cut(),
                Optional.of(new TaskText.Labelled(row.text())));
    }

    private record Candidate(int row, int template, int label, EncodedRow tokens) {}

    /** Log-likelihoods, {@code [rows][templates][labels]}. */
    private double[][][] likelihoods(List<VerbalizedRow> some) {
        int templates = verbalizer.templates().size();
        int labels = verbalizer.labels().size();
        double[][][] sums = new double[some.size()][templates][labels];
        List<Candidate> candidates = new ArrayList<>();
        for (int row = 0; row < some.size(); row++) {
            for (int template = 0; template < templates; template++) {
                Arrays.fill(sums[row][template], Double.NEGATIVE_INFINITY);
                for (int label = 0; label < labels; label++) {
                    for (int word = 0; word < verbalizer.words(label); word++) {
                        candidates.add(new Candidate(
                                row, template, label, verbalizer.candidate(some.get(row), template, label, word)));
                    }
                }
            }
        }
        candidates.sort(Comparator.comparingInt(candidate -> candidate.tokens().length()));
        for (int from = 0; from < candidates.size(); from += batchSize) {
            List<Candidate> batch = candidates.subList(from, Math.min(candidates.size(), from + batchSize));
            double[] found = tuning.logLikelihoods(
                    planner.padded(batch.stream().map(Candidate::tokens).toList()));
            for (int i = 0; i < found.length; i++) {
                Candidate candidate = batch.get(i);
                double[] ofLabels = sums[candidate.row()][candidate.template()];
                ofLabels[candidate.label()] = logSum(ofLabels[candidate.label()], found[i]);
            }
        }
        return sums;
    }

    /** Log-probabilities of the labels in the vote, from log-likelihoods {@code [templates][labels]}. */
    static double[] votes(double[][] likelihoods) {
        double[] mean = new double[likelihoods[0].length];
        for (double[] template : likelihoods) {
            double[] logs = normalized(template);
            for (int label = 0; label < mean.length; label++) {
                mean[label] += logs[label] / likelihoods.length;
            }
        }
        return normalized(mean);
    }

    private static double[] normalized(double[] logs) {
        double sum = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            sum = logSum(sum, log);
        }
        double total = sum;
        return Arrays.stream(logs).map(log -> log - total).toArray();
    }

    private static double logSum(double a, double b) {
        double larger = Math.max(a, b);
        return larger == Double.NEGATIVE_INFINITY ? larger : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
    }

    private static int best(double[] votes) {
        int best = 0;
        for (int label = 1; label < votes.length; label++) {
            best = votes[label] > votes[best] ? label : best;
        }
        return best;
    }

    private static float[] floats(double[] votes) {
        float[] floats = new float[votes.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) votes[i];
        }
        return floats;
    }
}
