package dev.prompttuning.training.progress;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** A run as lines of JSON, for logs that machines read. */
public final class JsonLog implements TrainingListener {

    private final PrintStream out;
    private final int everySteps;
    private final Clock clock;

    /** @param everySteps steps between lines about steps; the first and the last step have one in any case */
    public JsonLog(PrintStream out, int everySteps, Clock clock) {
        this.out = out;
        this.everySteps = Math.max(1, everySteps);
        this.clock = clock;
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.Started started) {
            ObjectNode line = line("started").put("message", started.parameterLine());
            print(line.put("step", started.step())
                    .put("totalSteps", started.totalSteps())
                    .put("threads", started.threads()));
        } else if (event instanceof TrainingEvent.Stepped step) {
            if (step.step() == 1 || step.step() == step.totalSteps() || step.step() % everySteps == 0) {
                print(stepLine(step));
            }
        } else if (event instanceof TrainingEvent.Evaluated evaluated) {
            ObjectNode line = line("evaluated").put("step", evaluated.step()).put("best", evaluated.best());
            evaluated.result().metrics().forEach(line::put);
            print(line);
        } else if (event instanceof TrainingEvent.Checkpointed checkpoint) {
            print(line("checkpoint")
                    .put("step", checkpoint.step())
                    .put("folder", checkpoint.folder().toString()));
        } else if (event instanceof TrainingEvent.Ended ended) {
            print(line("ended").put("step", ended.step()).put("message", ended.reason()));
        }
    }

    private ObjectNode stepLine(TrainingEvent.Stepped step) {
        return line("step")
                .put("step", step.step())
                .put("totalSteps", step.totalSteps())
                .put("epoch", step.epoch())
                .put("loss", step.loss())
                .put("learningRate", step.learningRate())
                .put("gradientNorm", step.gradientNorm())
                .put("tokens", step.tokens())
                .put("seconds", step.seconds())
                .put("cpuSeconds", step.cpuSeconds())
                .put("residentBytes", ProcessFigures.residentBytes());
    }

    private ObjectNode line(String event) {
        return new ObjectMapper()
                .createObjectNode()
                .put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("event", event);
    }

    private void print(ObjectNode line) {
        out.println(line);
    }
}
