package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.api.manifest.InvalidManifestException;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.training.FailureReport;
import dev.prompttuning.transformers.InvalidModelException;

/** Tells the user's mistakes from other failures. */
final class Failures {

    private Failures() {}

    static FailureReport report(Throwable failure) {
        return isUserMistake(failure)
                ? new FailureReport(ExitCode.USER_MISTAKE, failure.getMessage())
                : FailureReport.of(failure);
    }

    private static boolean isUserMistake(Throwable failure) {
        return failure instanceof UserMistakeException
                || failure instanceof InvalidModelException
                || failure instanceof InvalidAdapterException
                || failure instanceof InvalidManifestException;
    }
}
