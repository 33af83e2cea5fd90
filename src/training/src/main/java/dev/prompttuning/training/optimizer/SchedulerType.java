package dev.prompttuning.training.optimizer;

/** What the learning rate does after the warm-up. */
public enum SchedulerType {
    /** Falls to zero in a straight line. */
    LINEAR,
    /** Falls to zero along half a cosine. */
    COSINE,
    /** Stays. */
    CONSTANT
}
