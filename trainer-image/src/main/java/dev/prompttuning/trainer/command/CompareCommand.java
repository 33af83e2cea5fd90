package dev.prompttuning.trainer.command;

import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.trainer.compare.ChildTrainer;
import dev.prompttuning.trainer.compare.ComparedMethod;
import dev.prompttuning.trainer.compare.Comparison;
import dev.prompttuning.trainer.compare.Contestant;
import dev.prompttuning.trainer.compare.Contestants;
import dev.prompttuning.trainer.compare.Entry;
import dev.prompttuning.trainer.compare.MarkdownReport;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.job.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains several methods on one base model and data set, and writes the table that compares them. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        description = "Trains several methods on one base model and data set, one after another, and compares them.",
        footer = {
            "",
            "The job as it stands, and with two other methods:",
            "  trainer compare -f job.yaml --method p-tuning --method lora --volume models=./models --out ./comparison",
            "Run again with the same --out, it keeps the results that are there."
        })
public final class CompareCommand implements Callable<Integer> {
    private static final Logger LOG = Logger.getLogger(CompareCommand.class);

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            required = true,
            description = "A manifest with PromptTuningJobs to compare; may be given several times.")
    List<Path> files;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description =
                    "Compares the first job with this method too, at its default learning rate, with as many virtual"
                            + " tokens: ${COMPLETION-CANDIDATES}. May be given several times.")
    List<ComparedMethod> methods = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where comparison.md, .html, .json and a folder for each job go.")
    Path out;

    @Mixin
    Volumes volumes;

    @Override
    public Integer call() {
        List<Contestant> contestants = new Contestants(
                        out, volumes.mounts(), (manifest, folders) -> new JobManifest(manifest, folders).config())
                .of(files, methods);
        ChildTrainer trainer = ChildTrainer.ofThisProcess();
        List<Entry> entries = new ArrayList<>();
        int worst = ExitCode.DONE.code();
        for (Contestant contestant : contestants) {
            int code = hasResult(contestant) ? ExitCode.DONE.code() : train(contestant, trainer);
            if (code == ExitCode.TERMINATED.code()) {
                return code;
            }
            worst = Math.max(worst, code);
            entries.add(
                    code == ExitCode.DONE.code()
                            ? Entry.of(contestant, RunReport.read(contestant.result()))
                            : Entry.failed(contestant, code));
        }
        var config = contestants.get(0).config();
        Comparison comparison = new Comparison(
                config.baseModel().name(),
                config.dataset().train().name(),
                config.training().metric().key(),
                entries);
        comparison.write(out);
        System.out.println();
        System.out.println(MarkdownReport.of(comparison));
        LOG.infof("Wrote %s", out.resolve("comparison.html"));
        return worst;
    }

    /** Of this very job: an edited one is trained anew. */
    private static boolean hasResult(Contestant contestant) {
        try {
            boolean there = Files.exists(contestant.result())
                    && Files.readString(contestant.manifest()).equals(contestant.text());
            if (there) {
                LOG.infof("%s: the result is there already", contestant.name());
            }
            return there;
        } catch (IOException e) {
            return false;
        }
    }

    private int train(Contestant contestant, ChildTrainer trainer) {
        LOG.infof("%s: training", contestant.name());
        try {
            Files.writeString(contestant.manifest(), contestant.text());
        } catch (IOException e) {
            throw new UserMistakeException("--out " + out + " cannot be written: " + e.getMessage() + ".");
        }
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "-f",
                contestant.manifest().toString(),
                "--result",
                contestant.result().toString(),
                "--volume",
                Contestants.CLAIM + "=" + contestant.folder()));
        arguments.addAll(volumes.arguments());
        return trainer.run(arguments);
    }
}
