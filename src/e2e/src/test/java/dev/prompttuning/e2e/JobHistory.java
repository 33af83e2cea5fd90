package dev.prompttuning.e2e;

import dev.prompttuning.api.contract.Progress;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/** Every status that a job shows to a watch, from now on. */
public final class JobHistory implements AutoCloseable {
    private final List<PromptTuningJobStatus> statuses = new CopyOnWriteArrayList<>();
    private final String name;
    private final Watch watch;

    private JobHistory(TestNamespace namespace, String name) {
        this.name = name;
        var jobs = namespace.client().resources(PromptTuningJob.class).inNamespace(namespace.name());
        // Without a version, an API server with an older etcd refuses to watch.
        String now = jobs.list().getMetadata().getResourceVersion();
        this.watch =
                jobs.watch(new ListOptionsBuilder().withResourceVersion(now).build(), new Recorder());
    }

    /** Starts before the job is there, so as to miss nothing. */
    public static JobHistory of(TestNamespace namespace, String jobName) {
        return new JobHistory(namespace, jobName);
    }

    private final class Recorder implements Watcher<PromptTuningJob> {
        @Override
        public void eventReceived(Action action, PromptTuningJob job) {
            if (name.equals(job.getMetadata().getName()) && job.getStatus() != null && action != Action.DELETED) {
                statuses.add(job.getStatus());
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            System.out.println("The watch of job " + name + " ended: " + cause.getMessage());
        }
    }

    /** Waits for a status, among those that were seen already too. */
    public PromptTuningJobStatus await(String what, Duration atMost, Predicate<PromptTuningJobStatus> wanted) {
        return Eventually.get(
                "job " + name + " to be " + what,
                atMost,
                () -> statuses.stream().filter(wanted).findFirst(),
                () -> "Its last status is " + (statuses.isEmpty() ? "none" : statuses.get(statuses.size() - 1)));
    }

    /** Waits for a phase; a job that fails meanwhile is not waited for. */
    public PromptTuningJobStatus awaitPhase(String phase, Duration atMost) {
        PromptTuningJobStatus reached =
                await(phase, atMost, status -> phase.equals(status.phase()) || "Failed".equals(status.phase()));
        if (!phase.equals(reached.phase())) {
            throw new AssertionError("Job " + name + " failed: " + reached.conditions());
        }
        return reached;
    }

    /** The phases in their order, each once in a row. */
    public List<String> phases() {
        return distinct(PromptTuningJobStatus::phase);
    }

    /** The steps that were shown, each once in a row. */
    public List<Integer> steps() {
        return distinct(status ->
                Optional.ofNullable(status.progress()).map(Progress::step).orElse(null));
    }

    private <T> List<T> distinct(Function<PromptTuningJobStatus, T> value) {
        List<T> values = new ArrayList<>();
        for (PromptTuningJobStatus status : statuses) {
            T now = value.apply(status);
            if (now != null && (values.isEmpty() || !Objects.equals(values.get(values.size() - 1), now))) {
                values.add(now);
            }
        }
        return values;
    }

    /** How conditions came to be, as {@code Type=Status Reason}, without repetitions, in the order they were seen. */
    public List<String> transitions() {
        List<String> transitions = new ArrayList<>();
        List<Condition> before = List.of();
        for (PromptTuningJobStatus status : statuses) {
            List<Condition> now = Optional.ofNullable(status.conditions()).orElse(List.of());
            for (Condition condition : now) {
                if (!text(before, condition.getType()).equals(text(condition))) {
                    transitions.add(text(condition));
                }
            }
            before = now;
        }
        return transitions;
    }

    private static String text(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()))
                .map(JobHistory::text)
                .findFirst()
                .orElse("");
    }

    private static String text(Condition condition) {
        return condition.getType() + "=" + condition.getStatus() + " " + condition.getReason();
    }

    @Override
    public void close() {
        watch.close();
    }
}
