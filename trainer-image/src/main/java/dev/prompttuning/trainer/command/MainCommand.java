package dev.prompttuning.trainer.command;

import io.quarkus.picocli.runtime.annotations.TopCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program itself; it does nothing without a sub-command. */
@TopCommand
@Command(
        name = "trainer",
        mixinStandardHelpOptions = true,
        version = "trainer 0.1.0",
        description = "Tunes language models by soft prompts, and serves them.",
        subcommands = {
            TrainCommand.class,
            EvaluateCommand.class,
            ServeCommand.class,
            GenerateCommand.class,
            ExportCommand.class,
            CompareCommand.class
        },
        exitCodeOnInvalidInput = 2,
        footer = "Each sub-command has its own --help.")
public final class MainCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Say what to do: one of " + String.join(", ", spec.subcommands().keySet()) + ".");
    }
}
