package dev.prompttuning.quickstart.tour;

import dev.prompttuning.api.contract.Progress;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import dev.prompttuning.api.tuning.PromptTuningJobStatus.AdapterInfo;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** A PromptTuningJob as it goes on: its conditions as they change, and a progress bar. */
final class TrainingView {
    private static final ProgressBar BAR = new ProgressBar(30);
    private static final int STRIDE = 10;

    private final KubernetesClient client;
    private final Screen screen;
    private final String name;
    private final ConditionLog conditions;
    private int told = -1;

    TrainingView(KubernetesClient client, Screen screen, String name) {
        this.client = client;
        this.screen = screen;
        this.name = name;
        this.conditions = new ConditionLog("PromptTuningJob " + name);
    }

    /**
     * Shows what is new.
     *
     * @return whether the job is complete
     * @throws StepFailedException when it never will be
     */
    boolean look() {
        PromptTuningJobStatus status = job().getStatus();
        if (status == null || status.conditions() == null) {
            return false;
        }
        conditions.changes(status.conditions()).forEach(screen::event);
        show(status.progress());
        find(status.conditions(), condition -> isTrue(condition, "Failed")).ifPresent(this::fail);
        find(status.conditions(), TrainingView::refused).ifPresent(this::fail);
        boolean complete = find(status.conditions(), condition -> isTrue(condition, "Complete"))
                .isPresent();
        if (complete) {
            screen.settle();
        }
        return complete;
    }

    /** The job as it is now. */
    PromptTuningJob job() {
        return client.resources(PromptTuningJob.class)
                .inNamespace(QuickstartCluster.NAMESPACE)
                .withName(name)
                .get();
    }

    /** What a complete job left. */
    String result() {
        AdapterInfo adapter = job().getStatus().adapter();
        return String.format(
                Locale.ROOT,
                "The adapter: %s, %d virtual tokens, %,d trained parameters beside %,d frozen ones, %,d bytes.",
                adapter.method(),
                adapter.numVirtualTokens(),
                adapter.trainableParameters(),
                adapter.allParameters() - adapter.trainableParameters(),
                adapter.bytes());
    }

    private void show(Progress progress) {
        if (progress == null) {
            return;
        }
        String bar = "         " + BAR.render(progress);
        if (screen.terminal()) {
            screen.bottom(bar);
            return;
        }
        int part = Objects.requireNonNullElse(progress.percent(), 0) / STRIDE;
        if (part > told) {
            told = part;
            screen.line(bar);
        }
    }

    private void fail(Condition condition) {
        throw new StepFailedException("The training failed (" + condition.getReason() + "): " + condition.getMessage());
    }

    private static boolean refused(Condition condition) {
        return "Accepted".equals(condition.getType()) && "InvalidSpec".equals(condition.getReason());
    }

    private static boolean isTrue(Condition condition, String type) {
        return type.equals(condition.getType()) && "True".equals(condition.getStatus());
    }

    private static Optional<Condition> find(List<Condition> conditions, Predicate<Condition> wanted) {
        return conditions.stream().filter(wanted).findFirst();
    }
}
