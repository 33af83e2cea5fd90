package dev.prompttuning.training.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.prompttuning.api.tuning.Scheduler;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

    private static double[] rates(Scheduler type, int warmup) {
        LearningRateSchedule schedule = new LearningRateSchedule(type, 0.8, warmup, 6);
        return IntStream.range(0, 6).mapToDouble(schedule::at).toArray();
    }

    @Test
    void linear() {
        assertArrayEquals(new double[] {0, 0.4, 0.8, 0.6, 0.4, 0.2}, rates(Scheduler.LINEAR, 2), 1e-12);
        assertArrayEquals(
                new double[] {0.8, 4 / 6.0, 3.2 / 6, 0.4, 1.6 / 6, 0.8 / 6}, rates(Scheduler.LINEAR, 0), 1e-12);
    }

    @Test
    void cosine() {
        double high = 0.4 * (1 + Math.sqrt(0.5));
        double low = 0.4 * (1 - Math.sqrt(0.5));
        assertArrayEquals(new double[] {0, 0.4, 0.8, high, 0.4, low}, rates(Scheduler.COSINE, 2), 1e-12);
    }

    @Test
    void constant() {
        assertArrayEquals(new double[] {0, 0.4, 0.8, 0.8, 0.8, 0.8}, rates(Scheduler.CONSTANT, 2), 1e-12);
    }
}
