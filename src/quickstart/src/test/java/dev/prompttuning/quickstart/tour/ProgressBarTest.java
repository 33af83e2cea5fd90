package dev.prompttuning.quickstart.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.api.contract.Progress;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final ProgressBar bar = new ProgressBar(10);

    @Test
    void showsWhatIsKnown() {
        assertEquals(
                "[####------]  43%  step 43/100  loss 0.2135  1 min 5 s left",
                bar.render(progress(43, 100, 43, 0.21345, 65L)));
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        assertEquals("[----------]   0%", bar.render(progress(null, null, null, null, null)));
    }

    @Test
    void isFullAtTheEnd() {
        assertEquals("[##########] 100%  step 7/7", bar.render(progress(7, 7, 100, null, 0L)));
        assertEquals("[##########] 100%  step 8/7", bar.render(progress(8, 7, 114, null, null)));
    }

    private static Progress progress(Integer step, Integer steps, Integer percent, Double loss, Long seconds) {
        return new Progress(step, steps, percent, null, loss, null, null, seconds, null, null);
    }
}
