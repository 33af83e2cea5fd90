package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and sets the conditions of a Job. */
final class JobConditions {

    static final String COMPLETE = "Complete";
    static final String FAILED = "Failed";
    static final String SUSPENDED = "Suspended";
    static final String SUCCESS_CRITERIA_MET = "SuccessCriteriaMet";
    static final String FAILURE_TARGET = "FailureTarget";

    private JobConditions() {}

    static Optional<JobCondition> find(JobStatus status, String type) {
        return status.getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    static boolean isTrue(JobStatus status, String type) {
        return find(status, type)
                .filter(condition -> "True".equals(condition.getStatus()))
                .isPresent();
    }

    static boolean isFinished(Job job) {
        return job.getStatus() != null && (isTrue(job.getStatus(), COMPLETE) || isTrue(job.getStatus(), FAILED));
    }

    /** Sets a condition; one whose status stays keeps its transition time. */
    static void set(JobStatus status, String type, boolean value, String reason, String message) {
        var before = find(status, type);
        var now = Timestamps.now();
        var text = value ? "True" : "False";
        if (before.isPresent()
                && before.get().getStatus().equals(text)
                && reason.equals(before.get().getReason())) {
            return;
        }
        List<JobCondition> conditions = new ArrayList<>(status.getConditions());
        before.ifPresent(conditions::remove);
        conditions.add(new JobConditionBuilder()
                .withType(type)
                .withStatus(text)
                .withReason(reason)
                .withMessage(message)
                .withLastProbeTime(now)
                .withLastTransitionTime(now)
                .build());
        status.setConditions(conditions);
    }
}
