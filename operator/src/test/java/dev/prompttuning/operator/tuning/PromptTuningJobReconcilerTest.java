package dev.prompttuning.operator.tuning;

import static dev.prompttuning.operator.TestCluster.NAMESPACE;
import static dev.prompttuning.operator.TestCluster.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.TestCluster;
import dev.prompttuning.operator.TestDefaults;
import dev.prompttuning.operator.pod.PodClient;
import dev.prompttuning.operator.status.Conditions;
import dev.prompttuning.operator.status.Transitions;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PromptTuningJobReconcilerTest {
    private static final String SPEC =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: movies, namespace: team-a}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: work, path: model}
              method:
                promptTuning: {numVirtualTokens: 20}
              dataset:
                train:
                  persistentVolumeClaim: {claimName: work, path: rows.jsonl}
              training: {maxSteps: 120}
              output:
                persistentVolumeClaim: {claimName: work}
            """;
    private static final String RESULT =
            """
            {"path":"/a","digest":"sha256:1","method":"PromptTuning","numVirtualTokens":20,"trainableParameters":11520,
            "allParameters":134000000,"bytes":46208,"metrics":{"loss":0.25},"steps":120,"seconds":300.0}""";
    private static final String PROGRESS =
            """
            {"step":30,"totalSteps":120,"percent":25,"epoch":0.5,"loss":1.5,"learningRate":0.01,"secondsRemaining":90}""";

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private TestCluster cluster;
    private HttpServer trainer;

    @BeforeEach
    void start() throws IOException {
        trainer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        trainer.createContext("/progress", exchange -> {
            byte[] body = PROGRESS.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        trainer.start();
        cluster = new TestCluster(
                client -> new PromptTuningJobReconciler(
                        new Observer(new PodClient()),
                        new Transitions(client, metrics, Clock.systemUTC()),
                        Clock.systemUTC()),
                dependent -> {
                    if (dependent instanceof TrainingJob job) {
                        job.defaults = TestDefaults.DEFAULTS;
                    }
                });
    }

    @AfterEach
    void stop() {
        cluster.close();
        trainer.stop(0);
    }

    @Test
    void fullLife() {
        cluster.claim("work");
        create(SPEC);
        Job job = child();
        Pod pod = runPod();
        awaitPhase("Running");
        eventually().until(() -> "25%".equals(current().getStatus().progressText()));
        assertEquals("1.5000", current().getStatus().lossText());

        endPod(pod, 0, RESULT, "Succeeded");
        endJob(job, "Complete", null);
        awaitPhase("Succeeded");
        PromptTuningJob done = current();
        assertEquals("movies", done.getStatus().adapter().path());
        assertEquals("work", done.getStatus().adapter().claimName());
        assertEquals(done.getMetadata().getGeneration(), done.getStatus().observedGeneration());
        assertEquals(
                List.of("Accepted", "AdapterWritten", "Training"),
                events().stream().map(Event::getReason).sorted().toList());
        assertEquals(
                3,
                metrics.find("prompttuning.job.transitions").counters().stream()
                        .mapToDouble(counter -> counter.count())
                        .sum());

        cluster.client.resource(done).delete();
        eventually()
                .until(() -> cluster.client
                                .resources(Job.class)
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems()
                                .isEmpty()
                        && cluster.client
                                .resources(ConfigMap.class)
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems()
                                .isEmpty());
        assertNotNull(cluster.client
                .persistentVolumeClaims()
                .inNamespace(NAMESPACE)
                .withName("work")
                .get());
    }

    @Test
    void mistakeOfTheUserIsExplained() {
        cluster.claim("work");
        create(SPEC);
        Job job = child();
        Pod pod = runPod();
        endPod(pod, 2, "rows.jsonl, line 3: this is no JSON object.", "Failed");
        endJob(job, "Failed", "PodFailurePolicy");
        awaitPhase("Failed");
        var failed =
                Conditions.find(current().getStatus().conditions(), "Failed").orElseThrow();
        assertEquals("UserMistake", failed.getReason());
        assertEquals("rows.jsonl, line 3: this is no JSON object.", failed.getMessage());
    }

    @Test
    void waitsForAMissingClaim() {
        create(SPEC);
        eventually().until(() -> current().getStatus() != null);
        var refused =
                Conditions.find(current().getStatus().conditions(), "Accepted").orElseThrow();
        assertEquals("False", refused.getStatus());
        assertTrue(refused.getMessage().contains("PersistentVolumeClaim work does not exist"), refused.getMessage());
        cluster.claim("work");
        child();
        eventually().until(() -> Conditions.isTrue(current().getStatus().conditions(), "Accepted"));
    }

    @Test
    void refusesWhatTheSchemaCannotTell() {
        create(SPEC.replace("{maxSteps: 120}", "{maxSteps: 120, evaluation: {steps: 10}}"));
        eventually().until(() -> current().getStatus() != null);
        var refused =
                Conditions.find(current().getStatus().conditions(), "Accepted").orElseThrow();
        assertEquals("InvalidSpec", refused.getReason());
        assertTrue(refused.getMessage().contains("training.evaluation needs rows to evaluate"), refused.getMessage());
    }

    @Test
    void suspendDeletesTheJobAndResumeMakesItAgain() {
        cluster.claim("work");
        create(SPEC);
        Job first = child();
        suspend(true);
        awaitPhase("Suspended");
        eventually().until(() -> cluster.client.resource(first).get() == null);
        suspend(false);
        assertEquals(first.getMetadata().getName(), child().getMetadata().getName());
    }

    @Test
    void resumeWaitsForThePodThatStillSaves() {
        cluster.claim("work");
        create(SPEC);
        Job first = child();
        Pod saving = runPod();
        suspend(true);
        eventually().until(() -> cluster.client.resource(first).get() == null);
        suspend(false);
        eventually()
                .during(java.time.Duration.ofSeconds(1))
                .until(() -> cluster.client.resource(first).get() == null);
        endPod(saving, 143, "", "Failed");
        assertEquals(first.getMetadata().getName(), child().getMetadata().getName());
    }

    @Test
    void restWritesNothing() {
        cluster.claim("work");
        create(SPEC);
        child();
        eventually()
                .until(() ->
                        current().getStatus() != null && current().getStatus().attempts() != null);
        cluster.client.resource(current()).edit(job -> {
            job.getMetadata().setLabels(Map.of("touched", "once"));
            return job;
        });
        String version = current().getMetadata().getResourceVersion();
        String jobVersion = child().getMetadata().getResourceVersion();
        // A claim wakes the reconciler; the second time its answer must change nothing either.
        cluster.claim("another");
        cluster.claim("third");
        eventually()
                .during(java.time.Duration.ofSeconds(2))
                .until(() -> version.equals(current().getMetadata().getResourceVersion())
                        && jobVersion.equals(child().getMetadata().getResourceVersion()));
    }

    @Test
    void goesWhenItsTimeToLiveEnds() {
        cluster.claim("work");
        create(SPEC + "  runPolicy: {ttlSecondsAfterFinished: 1}\n");
        endJob(child(), "Failed", "DeadlineExceeded");
        eventually().until(() -> current() == null);
    }

    @Test
    void specCannotChange() {
        create(SPEC);
        assertThrows(KubernetesClientException.class, () -> cluster.client
                .resource(Serialization.unmarshal(
                        SPEC.replace("numVirtualTokens: 20", "numVirtualTokens: 21"), PromptTuningJob.class))
                .patch());
    }

    private void create(String yaml) {
        cluster.client
                .resource(Serialization.unmarshal(yaml, PromptTuningJob.class))
                .create();
    }

    private PromptTuningJob current() {
        return cluster.client
                .resources(PromptTuningJob.class)
                .inNamespace(NAMESPACE)
                .withName("movies")
                .get();
    }

    private void awaitPhase(String phase) {
        eventually()
                .until(() -> current().getStatus() != null
                        && phase.equals(current().getStatus().phase()));
    }

    private Job child() {
        var jobs = cluster.client.resources(Job.class).inNamespace(NAMESPACE);
        eventually().until(() -> jobs.list().getItems().size() == 1);
        return jobs.list().getItems().get(0);
    }

    private List<Event> events() {
        return cluster.client.v1().events().inNamespace(NAMESPACE).list().getItems();
    }

    private Pod runPod() {
        String port = String.valueOf(trainer.getAddress().getPort());
        Pod pod = cluster.pod(
                "movies-1",
                Labels.of(current(), Labels.TRAINER),
                Map.of("localcluster.prompttuning.dev/port-8080", port));
        Pod running = new PodBuilder(pod)
                .withNewStatus()
                .withPhase("Running")
                .withPodIP("127.0.0.1")
                .withStartTime("2030-01-01T00:00:00Z")
                .endStatus()
                .build();
        cluster.status(running);
        return running;
    }

    private void endPod(Pod pod, int exit, String message, String phase) {
        cluster.status(new PodBuilder(pod)
                .editStatus()
                .withPhase(phase)
                .addNewContainerStatus()
                .withName("train")
                .withNewState()
                .withNewTerminated()
                .withExitCode(exit)
                .withMessage(message)
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build());
        eventually()
                .until(() -> phase.equals(
                        cluster.client.resource(pod).get().getStatus().getPhase()));
    }

    private void endJob(Job job, String condition, String reason) {
        cluster.status(new JobBuilder(job)
                .withNewStatus()
                .addNewCondition()
                .withType(condition)
                .withStatus("True")
                .withReason(reason)
                .endCondition()
                .endStatus()
                .build());
    }

    private void suspend(boolean wait) {
        String policy = "  runPolicy: {suspend: " + wait + "}\n";
        cluster.client
                .resource(Serialization.unmarshal(SPEC + policy, PromptTuningJob.class))
                .patch();
    }
}
