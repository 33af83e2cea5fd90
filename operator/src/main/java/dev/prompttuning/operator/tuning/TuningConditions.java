package dev.prompttuning.operator.tuning;

import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.operator.pod.Unschedulable;
import dev.prompttuning.operator.pod.Unstartable;
import dev.prompttuning.operator.status.Conditions;
import dev.prompttuning.operator.status.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/** The conditions of a run as functions of what is seen, and the phase as a function of the conditions. */
final class TuningConditions {
    static final String ACCEPTED = "Accepted";
    static final String RUNNING = "Running";
    static final String SUSPENDED = "Suspended";
    static final String COMPLETE = "Complete";
    static final String FAILED = "Failed";

    private TuningConditions() {}

    static List<Condition> of(Observed seen, boolean suspended, Conditions conditions) {
        accepted(seen, conditions);
        running(seen, suspended, conditions);
        conditions.set(
                SUSPENDED,
                suspended,
                suspended ? Reason.SuspendedByUser : Reason.NotSuspended,
                suspended ? "Set spec.runPolicy.suspend to false to go on." : "The run is not asked to wait.");
        boolean complete = seen.jobCondition(COMPLETE).isPresent();
        conditions.set(
                COMPLETE,
                complete,
                complete ? Reason.AdapterWritten : Reason.NotFinished,
                complete ? "The adapter is written." : "The adapter is not written yet.");
        failed(seen, conditions);
        return conditions.list();
    }

    /** Pending, Queued, Running, Suspended, Succeeded or Failed. */
    static String phase(List<Condition> conditions) {
        if (Conditions.isTrue(conditions, FAILED)) {
            return "Failed";
        }
        if (Conditions.isTrue(conditions, COMPLETE)) {
            return "Succeeded";
        }
        if (Conditions.isTrue(conditions, SUSPENDED)) {
            return "Suspended";
        }
        if (Conditions.isTrue(conditions, RUNNING)) {
            return "Running";
        }
        boolean queued = Conditions.find(conditions, RUNNING)
                .filter(condition -> Reason.Queued.text().equals(condition.getReason()))
                .isPresent();
        return queued ? "Queued" : "Pending";
    }

    private static void accepted(Observed seen, Conditions conditions) {
        if (seen.problem().isPresent()) {
            conditions.set(ACCEPTED, false, Reason.InvalidSpec, seen.problem().get());
        } else if (seen.missing().isPresent()) {
            conditions.set(
                    ACCEPTED, false, Reason.ReferenceMissing, seen.missing().get());
        } else {
            conditions.set(ACCEPTED, true, Reason.SpecAccepted, "The spec can run.");
        }
    }

    private static void running(Observed seen, boolean suspended, Conditions conditions) {
        boolean finished = seen.jobCondition(COMPLETE).isPresent()
                || seen.jobCondition(FAILED).isPresent();
        if (finished) {
            conditions.set(RUNNING, false, Reason.Finished, "The run is over.");
        } else if (seen.job().isEmpty() || suspended) {
            conditions.set(RUNNING, false, Reason.NotStarted, "No pod is asked for.");
        } else if (seen.queued()) {
            conditions.set(RUNNING, false, Reason.Queued, "The queue has not admitted the run yet.");
        } else if (seen.pod().filter(TuningConditions::atWork).isPresent()) {
            String pod = seen.pod().get().getMetadata().getName();
            conditions.set(RUNNING, true, Reason.Training, "Pod " + pod + " trains.");
        } else {
            waiting(seen, conditions);
        }
    }

    private static void waiting(Observed seen, Conditions conditions) {
        Optional<String> noNode = seen.pod().flatMap(Unschedulable::why);
        Optional<String> noStart = seen.pod().flatMap(Unstartable::why);
        Optional<String> failure = seen.lastFailed().flatMap(Unstartable::lastEnd);
        if (noNode.isPresent()) {
            conditions.set(RUNNING, false, Reason.Unschedulable, noNode.get());
        } else if (noStart.isPresent()) {
            conditions.set(RUNNING, false, Reason.PodNotStarting, noStart.get());
        } else if (failure.isPresent()) {
            conditions.set(
                    RUNNING,
                    false,
                    Reason.Retrying,
                    failure.get() + " Another pod goes on, as often as spec.runPolicy.backoffLimit allows.");
        } else {
            conditions.set(RUNNING, false, Reason.PodPending, "The pod does not run yet.");
        }
    }

    /** A pod that has done its work counts until its Job says so too; else a run would look pending before it is complete. */
    private static boolean atWork(Pod pod) {
        return Observed.running(pod)
                || pod.getStatus() != null && "Succeeded".equals(pod.getStatus().getPhase());
    }

    private static void failed(Observed seen, Conditions conditions) {
        var failed = seen.jobCondition(FAILED);
        if (failed.isEmpty()) {
            conditions.set(FAILED, false, Reason.NotFailed, "Nothing has failed for good.");
            return;
        }
        int exit = seen.terminated().map(ContainerStateTerminated::getExitCode).orElse(-1);
        String said = seen.terminated()
                .map(ContainerStateTerminated::getMessage)
                .map(String::strip)
                .orElse("");
        if ("DeadlineExceeded".equals(failed.get().getReason())) {
            conditions.set(
                    FAILED,
                    true,
                    Reason.DeadlineExceeded,
                    "The run took longer than spec.runPolicy.activeDeadlineSeconds.");
        } else if (exit == ExitCode.USER_MISTAKE.code()) {
            conditions.set(FAILED, true, Reason.UserMistake, said.isEmpty() ? "See the pod's log." : said);
        } else if (exit == ExitCode.OUT_OF_MEMORY.code() || killedForMemory(seen)) {
            conditions.set(
                    FAILED,
                    true,
                    Reason.OutOfMemory,
                    said.isEmpty()
                            ? "The trainer ran out of memory: raise spec.pod.resources, lower training.batchSize or"
                                    + " dataset.maxLength, or set training.gradientCheckpointing or"
                                    + " baseModel.quantization Int8."
                            : said);
        } else {
            stopped(exit, said, conditions);
        }
    }

    /** Exit code 137 alone is any kill -9. */
    private static boolean killedForMemory(Observed seen) {
        return seen.terminated()
                .filter(ended -> "OOMKilled".equals(ended.getReason()))
                .isPresent();
    }

    private static void stopped(int exit, String said, Conditions conditions) {
        String last = exit < 0 ? "" : " The last pod ended with exit code " + exit + ".";
        conditions.set(
                FAILED,
                true,
                Reason.BackoffLimitExceeded,
                "The run was given up after its failures." + last + (said.isEmpty() ? "" : " " + said));
    }
}
