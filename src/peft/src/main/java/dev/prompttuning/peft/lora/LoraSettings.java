package dev.prompttuning.peft.lora;

import java.util.List;
import java.util.Map;

/**
 * How low-rank additions are made; PEFT's LoraConfig.
 *
 * @param rank of the additions
 * @param alpha an addition is multiplied by {@code alpha / rank}, or, {@code rankStabilized}, by {@code alpha / sqrt(rank)}
 *     (Kalajdzievski 2023)
 * @param dropout share of an addition's inputs that are dropped in training
 * @param targetModules names of linear maps, or the ends of names behind a dot, such as {@code q_proj}
 * @param alphas other values of {@code alpha}, by the names or ends of names of the maps they are for
 */
public record LoraSettings(
        int rank,
        double alpha,
        double dropout,
        boolean rankStabilized,
        List<String> targetModules,
        Map<String, Double> alphas) {

    public LoraSettings {
        targetModules = List.copyOf(targetModules);
        alphas = Map.copyOf(alphas);
    }

    /** Settings with one {@code alpha} for all maps. */
    public LoraSettings(int rank, double alpha, double dropout, boolean rankStabilized, List<String> targetModules) {
        this(rank, alpha, dropout, rankStabilized, targetModules, Map.of());
    }

    /** The same settings for other maps. */
    public LoraSettings withTargets(List<String> targets) {
        return new LoraSettings(rank, alpha, dropout, rankStabilized, targets, alphas);
    }

    /** What a map's addition of some rank is multiplied by. */
    public double scale(String module, long moduleRank) {
        double own = alphas.entrySet().stream()
                .filter(entry -> LoraTargets.names(entry.getKey(), module))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(alpha);
        return own / (rankStabilized ? Math.sqrt(moduleRank) : moduleRank);
    }
}
