package dev.prompttuning.transformers.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Beam search as Hugging Face does it: of the best candidates of a step only the first {@code numBeams} may finish, the
 * best {@code numBeams} that do not finish go on, and a finished sequence is compared by its length-normalised score.
 */
public final class BeamSearch {

    private record Beam(TokenHistory history, double score) {}

    private record Candidate(int row, int token, double score) {}

    private static final Comparator<Candidate> WORST_FIRST = Comparator.comparingDouble(Candidate::score)
            .thenComparing(Comparator.comparingInt(Candidate::row).reversed())
            .thenComparing(Comparator.comparingInt(Candidate::token).reversed());

    private final DecodeSession session;
    private final GenerationSettings settings;
    private final List<LogitsProcessor> processors;
    private final Set<Integer> stopTokens;
    private final int numBeams;
    private final List<Generation> finished = new ArrayList<>();

    public BeamSearch(DecodeSession session, GenerationSettings settings) {
        this.session = session;
        this.settings = settings;
        processors = LogitsProcessors.of(settings);
        stopTokens = settings.stopping().tokenIds();
        numBeams = settings.beams().numBeams();
    }

    /** The finished sequences, best first, at most {@code numBeams}; empty when cancelled. */
    public List<Generation> search(long[] promptTokens, BooleanSupplier cancelled) {
        List<Beam> beams = List.of(new Beam(new TokenHistory(promptTokens), 0));
        float[][] logits = session.feed(new long[][] {promptTokens});
        while (true) {
            if (cancelled.getAsBoolean()) {
                return List.of();
            }
            List<Candidate> candidates = candidates(beams, logits);
            boolean last = beams.get(0).history().generatedLength() + 1
                    == settings.stopping().maxNewTokens();
            finish(beams, candidates, last);
            List<Candidate> running = candidates.stream()
                    .filter(candidate -> !stopTokens.contains(candidate.token()))
                    .limit(numBeams)
                    .toList();
            if (last
                    || running.isEmpty()
                    || isDone(running.get(0).score(), beams.get(0).history().generatedLength() + 1)) {
                return List.copyOf(finished);
            }
            List<Beam> present = beams;
            beams = running.stream()
                    .map(c -> new Beam(present.get(c.row()).history().plus(c.token()), c.score()))
                    .toList();
            session.reorder(running.stream().mapToInt(Candidate::row).toArray());
            logits = session.feed(running.stream()
                    .map(candidate -> new long[] {candidate.token()})
                    .toArray(long[][]::new));
        }
    }

    /** The best (1 + number of stop tokens, at least 2) x numBeams continuations, so that enough do not finish. */
    private List<Candidate> candidates(List<Beam> beams, float[][] logits) {
        int keep = Math.max(2, 1 + stopTokens.size()) * numBeams;
        PriorityQueue<Candidate> best = new PriorityQueue<>(WORST_FIRST);
        for (int row = 0; row < beams.size(); row++) {
            float[] scores = logProbabilities(logits[row]);
            for (LogitsProcessor processor : processors) {
                processor.process(beams.get(row).history(), scores);
            }
            for (int token = 0; token < scores.length; token++) {
                double score = beams.get(row).score() + scores[token];
                if (scores[token] == Float.NEGATIVE_INFINITY
                        || best.size() == keep && score <= best.peek().score()) {
                    continue;
                }
                best.add(new Candidate(row, token, score));
                if (best.size() > keep) {
                    best.poll();
                }
            }
        }
        return best.stream().sorted(WORST_FIRST.reversed()).toList();
    }

    private static float[] logProbabilities(float[] logits) {
        double total = Softmax.logSumExp(logits);
        float[] scores = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            scores[i] = (float) (logits[i] - total);
        }
        return scores;
    }

    private void finish(List<Beam> beams, List<Candidate> candidates, boolean last) {
        if (settings.beams().earlyStopping() == EarlyStopping.FIRST_FULL && finished.size() == numBeams) {
            return;
        }
        for (Candidate candidate : candidates.subList(0, Math.min(numBeams, candidates.size()))) {
            boolean stop = stopTokens.contains(candidate.token());
            if (stop || last) {
                TokenHistory history = beams.get(candidate.row()).history().plus(candidate.token());
                finished.add(new Generation(
                        history.generated(),
                        "",
                        stop ? FinishReason.STOP : FinishReason.LENGTH,
                        List.of(),
                        normalised(candidate.score(), history.generatedLength())));
            }
        }
        finished.sort(Comparator.comparingDouble(Generation::score).reversed());
        while (finished.size() > numBeams) {
            finished.remove(finished.size() - 1);
        }
    }

    private double normalised(double score, int length) {
        return score / Math.pow(length, settings.beams().lengthPenalty());
    }

    /** @param length new tokens of the running beams */
    private boolean isDone(double bestRunning, int length) {
        if (finished.size() < numBeams) {
            return false;
        }
        double worstFinished = finished.get(finished.size() - 1).score();
        return switch (settings.beams().earlyStopping()) {
            case FIRST_FULL -> true;
            case HEURISTIC -> worstFinished >= normalised(bestRunning, length);
            case NEVER -> {
                boolean longerIsBetter = settings.beams().lengthPenalty() > 0;
                int best = longerIsBetter ? settings.stopping().maxNewTokens() : length;
                yield worstFinished >= normalised(bestRunning, best);
            }
        };
    }
}
