package dev.prompttuning.trainer.command;

import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.job.ExportJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Merges LoRA into its base model. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        description = "Merges LoRA into its base model and writes a model folder that needs no adapter.")
public final class ExportCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Folder of the base model.")
    Path model;

    @Option(names = "--adapter", required = true, paramLabel = "DIR", description = "Folder of the adapter.")
    Path adapter;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the merged model, which must not be there yet.")
    Path output;

    @Mixin
    DeviceOption device;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(adapter)) {
            throw new UserMistakeException(
                    "--adapter " + adapter + ": there is no such folder; name an adapter's folder.");
        }
        PrintWriter out = spec.commandLine().getOut();
        new ExportJob(model, adapter, output, device.start())
                .run()
                .ifPresent(prompt -> out.println("The prompt that belongs in front of it is " + prompt));
        out.println("Wrote " + output);
        out.flush();
        return 0;
    }
}
