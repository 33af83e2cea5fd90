package dev.prompttuning.training;

import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.api.manifest.InvalidManifestException;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.hub.DownloadException;
import dev.prompttuning.transformers.memory.TooLittleMemoryException;

/**
 * A failed training in the terms of whoever started it.
 *
 * @param code how the process is to end
 * @param message one sentence; the user needs no stack trace unless the code is {@link ExitCode#FAILED}
 */
public record FailureReport(ExitCode code, String message) {

    public static FailureReport of(Throwable failure) {
        if (isUserMistake(failure)) {
            return new FailureReport(ExitCode.USER_MISTAKE, failure.getMessage());
        }
        if (failure instanceof TooLittleMemoryException) {
            return new FailureReport(ExitCode.OUT_OF_MEMORY, failure.getMessage());
        }
        if (failure instanceof DownloadException) {
            // May pass: another attempt is worth it.
            return new FailureReport(ExitCode.FAILED, failure.getMessage());
        }
        return OutOfMemory.isBehind(failure)
                ? new FailureReport(ExitCode.OUT_OF_MEMORY, OutOfMemory.remedy(failure))
                : new FailureReport(ExitCode.FAILED, failure.toString());
    }

    private static boolean isUserMistake(Throwable failure) {
        return failure instanceof UserMistakeException
                || failure instanceof InvalidModelException
                || failure instanceof InvalidAdapterException
                || failure instanceof InvalidManifestException;
    }
}
