package dev.prompttuning.operator.status;

/** Why a condition is as it is; the names are part of the API. */
public enum Reason {
    SpecAccepted("Accepted"),
    InvalidSpec("InvalidSpec"),
    ReferenceMissing("ReferenceMissing"),
    NotStarted("NotStarted"),
    PodPending("PodPending"),
    Unschedulable("Unschedulable"),
    PodNotStarting("PodNotStarting"),
    Retrying("Retrying"),
    Queued("Queued"),
    Training("Training"),
    Finished("Finished"),
    SuspendedByUser("SuspendedByUser"),
    NotSuspended("NotSuspended"),
    AdapterWritten("AdapterWritten"),
    NotFinished("NotFinished"),
    UserMistake("UserMistake"),
    OutOfMemory("OutOfMemory"),
    DeadlineExceeded("DeadlineExceeded"),
    BackoffLimitExceeded("BackoffLimitExceeded"),
    NotFailed("NotFailed"),
    PodsReady("PodsReady"),
    PodsNotReady("PodsNotReady"),
    RollingOut("RollingOut"),
    RolledOut("RolledOut"),
    AllLoaded("AllLoaded"),
    SomePending("SomePending"),
    SomeFailed("SomeFailed");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** The reason as conditions and events show it. */
    public String text() {
        return text;
    }
}
