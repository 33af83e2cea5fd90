package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.training.FailureReport;
import io.quarkus.picocli.runtime.PicocliCommandLineFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.PrintWriter;
import org.jboss.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** How the command line behaves: a user's mistake is one sentence and exit code 2, never a stack trace. */
@ApplicationScoped
class CommandLineSettings {
    private static final Logger LOG = Logger.getLogger(CommandLineSettings.class);

    @Produces
    CommandLine commandLine(PicocliCommandLineFactory factory) {
        return factory.create()
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(CommandLineSettings::wrongArguments)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
    }

    private static int wrongArguments(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println(e.getMessage());
        err.println("See " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help.");
        err.flush();
        return ExitCode.USER_MISTAKE.code();
    }

    private static int failed(Exception e, CommandLine command) {
        FailureReport report = FailureReport.of(e);
        if (report.code() != ExitCode.FAILED) {
            command.getErr().println(report.message());
            command.getErr().flush();
            return report.code().code();
        }
        LOG.error("The command failed", e);
        return ExitCode.FAILED.code();
    }
}
