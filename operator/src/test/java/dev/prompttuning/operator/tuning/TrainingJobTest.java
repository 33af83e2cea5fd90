package dev.prompttuning.operator.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.operator.GoldenFiles;
import dev.prompttuning.operator.TestDefaults;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingJobTest {

    static List<GoldenFiles> scenarios() {
        return GoldenFiles.with("in-job.yaml").stream()
                .filter(scenario -> !scenario.has("in-serve.yaml"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void makesTheChildren(GoldenFiles scenario) throws IOException {
        PromptTuningJob job = scenario.read("in-job.yaml", PromptTuningJob.class);
        assertEquals(List.of(), Problems.of(job.getSpec()));
        scenario.check(TrainerConfigMap.of(job), TrainingJob.of(job, TestDefaults.DEFAULTS));
    }
}
