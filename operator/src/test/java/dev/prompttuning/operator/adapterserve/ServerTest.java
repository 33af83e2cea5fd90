package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.operator.GoldenFiles;
import dev.prompttuning.operator.TestDefaults;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServerTest {

    static List<GoldenFiles> scenarios() {
        return GoldenFiles.with("in-serve.yaml");
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void makesTheChildren(GoldenFiles scenario) throws IOException {
        AdapterServe serve = scenario.read("in-serve.yaml", AdapterServe.class);
        PromptTuningJob job = scenario.read("in-job.yaml", PromptTuningJob.class);
        var wanted = AdapterResolver.resolve(serve, List.of(job));
        scenario.check(
                ServerConfigMap.of(serve, wanted),
                ServerDeployment.of(serve, wanted, TestDefaults.DEFAULTS),
                ServerService.of(serve));
    }
}
