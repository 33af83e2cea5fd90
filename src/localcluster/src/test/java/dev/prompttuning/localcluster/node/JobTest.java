package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class JobTest {

    private static final String JOB_NAME = "batch.kubernetes.io/job-name";

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Job run(String name, String settings, String script) {
        return node.create(
                Job.class,
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s}
                spec:
                  %s
                  template:
                    metadata: {labels: {mine: "yes"}}
                    spec:
                      restartPolicy: Never
                      terminationGracePeriodSeconds: 5
                      containers:
                      - {name: main, image: sh, args: [%s]}
                """
                        .formatted(name, settings, TestNode.quoted(script)));
    }

    private static Job finished(Job job) {
        return node.await(job, JobRound::isFinished);
    }

    private static JobCondition condition(Job job, String type) {
        return job.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static List<Pod> pods(Job job) {
        return node.list(Pod.class, JOB_NAME, job.getMetadata().getName());
    }

    @Test
    void completesAndTellsHow() {
        var job = run("ok", "backoffLimit: 0", "echo done > $POD_ROOT/dev/termination-log; echo hello");
        var done = finished(job);

        assertEquals("CompletionsReached", condition(done, "Complete").getReason());
        assertEquals(1, done.getStatus().getSucceeded());
        assertEquals(0, done.getStatus().getActive());
        assertNotNull(done.getStatus().getStartTime());
        assertNotNull(done.getStatus().getCompletionTime());

        var pod = pods(job).get(0);
        assertEquals("Succeeded", pod.getStatus().getPhase());
        assertEquals("local", pod.getSpec().getNodeName());
        assertEquals("yes", pod.getMetadata().getLabels().get("mine"));
        assertEquals(
                job.getMetadata().getUid(), pod.getMetadata().getLabels().get("batch.kubernetes.io/controller-uid"));
        var end = pod.getStatus().getContainerStatuses().get(0).getState().getTerminated();
        assertEquals("Completed", end.getReason());
        assertEquals("done\n", end.getMessage());
    }

    @Test
    void triesAgainUpToTheBackoffLimit() {
        var job = run("fails", "backoffLimit: 2", "exit 1");
        var done = finished(job);

        assertEquals("BackoffLimitExceeded", condition(done, "Failed").getReason());
        assertEquals(3, done.getStatus().getFailed());
        assertEquals(3, pods(job).size());
        assertNull(done.getStatus().getCompletionTime());
    }

    @Test
    void failsAtOnceWhereThePolicySaysSo() {
        var policy = "podFailurePolicy: {rules: [{action: FailJob, onExitCodes:"
                + " {containerName: main, operator: In, values: [2]}}]}";
        var job = run("policy", policy, "exit 2");
        var done = finished(job);

        assertEquals("PodFailurePolicy", condition(done, "Failed").getReason());
        assertTrue(condition(done, "Failed").getMessage().contains("failed matching a FailJob rule"));
        assertEquals(1, done.getStatus().getFailed());
        assertEquals(1, pods(job).size());
    }

    @Test
    void doesNotCountIgnoredFailures() {
        var folder = node.folder("ignored");
        var policy = "backoffLimit: 0\n  podFailurePolicy: {rules: [{action: Ignore, onExitCodes:"
                + " {containerName: main, operator: In, values: [42]}}]}";
        var job = run("ignore", policy, "test -e " + folder + "/once || { touch " + folder + "/once; exit 42; }");
        var done = finished(job);

        assertEquals("True", condition(done, "Complete").getStatus());
        assertEquals(2, pods(job).size());
        assertTrue(done.getStatus().getFailed() == null || done.getStatus().getFailed() == 0);
    }

    @Test
    void suspendingDeletesPodsAndResumingMakesNewOnes() {
        var job = run("paused", "backoffLimit: 0", "sleep 1000");
        node.await(
                job,
                now -> now.getStatus() != null
                        && Integer.valueOf(1).equals(now.getStatus().getReady()));

        node.edit(job, now -> now.getSpec().setSuspend(true));
        var suspended = node.await(
                job,
                now -> !now.getStatus().getConditions().isEmpty() && pods(job).isEmpty());
        assertEquals("True", condition(suspended, "Suspended").getStatus());
        assertNull(suspended.getStatus().getStartTime());

        node.edit(job, now -> now.getSpec().setSuspend(false));
        var resumed =
                node.await(job, now -> Integer.valueOf(1).equals(now.getStatus().getReady()));
        assertTrue(resumed.getStatus().getConditions().isEmpty());
        assertEquals(
                0,
                resumed.getStatus().getFailed() == null
                        ? 0
                        : resumed.getStatus().getFailed());
        assertFalse(JobRound.isFinished(resumed));
    }

    @Test
    void endsAtTheDeadline() {
        var job = run("late", "activeDeadlineSeconds: 1", "sleep 1000");
        var done = finished(job);

        assertEquals("DeadlineExceeded", condition(done, "Failed").getReason());
        node.awaitTrue("no pods", () -> pods(job).isEmpty());
    }

    @Test
    void deletingItEndsItsProcesses() {
        var folder = node.folder("chain");
        var job = run("chain", "backoffLimit: 0", "echo $$ > " + folder + "/pid; exec sleep 1000");
        node.await(
                job,
                now -> now.getStatus() != null
                        && Integer.valueOf(1).equals(now.getStatus().getReady()));
        var process = node.process(folder.resolve("pid"));
        assertTrue(process.isAlive());

        node.client().resource(job).delete();
        node.awaitTrue("no process", () -> !process.isAlive());
        node.awaitTrue("no pods", () -> pods(job).isEmpty());
        node.awaitGone(job);
    }

    @Test
    void runsUpToItsCompletions() {
        var done = finished(run("many", "completions: 3", "true"));
        assertEquals(3, done.getStatus().getSucceeded());
        assertEquals(3, node.list(Pod.class, Map.of(JOB_NAME, "many")).size());
    }
}
