package dev.prompttuning.trainer.compare;

import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who takes part: every job of the files, and the first of them again with each named method. */
public final class Contestants {
    /** The claim that stands for a contestant's folder. */
    public static final String CLAIM = "comparison";

    /** Reads the one job of a manifest file, its claims being folders. */
    public interface ConfigReader {
        TrainConfig read(Path manifest, Mounts folders);
    }

    private final Path out;
    private final Mounts folders;
    private final ConfigReader reader;

    public Contestants(Path out, Mounts folders, ConfigReader reader) {
        this.out = out;
        this.folders = folders;
        this.reader = reader;
    }

    /** Every manifest is read and checked before the first is trained. */
    public List<Contestant> of(List<Path> files, List<ComparedMethod> methods) {
        List<JobDocuments> jobs = new ArrayList<>();
        files.forEach(file -> jobs.addAll(JobDocuments.read(file)));
        if (jobs.isEmpty()) {
            throw new UserMistakeException(
                    files.get(0) + " holds no PromptTuningJob; give a file with the job whose methods are compared.");
        }
        methods.forEach(method -> jobs.add(jobs.get(0).with(method)));
        refuseSameNames(jobs);
        List<Contestant> contestants = jobs.stream().map(this::contestant).toList();
        contestants.forEach(other -> refuseOtherGround(contestants.get(0), other));
        return contestants;
    }

    private Contestant contestant(JobDocuments job) {
        Path folder = out.resolve(job.name());
        String text = job.writingTo(CLAIM).text();
        try {
            Files.createDirectories(folder);
            Path file = Files.writeString(Files.createTempFile(folder, "job", ".yaml"), text);
            try {
                return new Contestant(folder, text, reader.read(file, inFolder(folder)));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UserMistakeException("--out " + out + " cannot be written: " + e.getMessage() + ".");
        }
    }

    private Mounts inFolder(Path folder) {
        return new Mounts() {
            @Override
            public String claim(String claimName) {
                return CLAIM.equals(claimName)
                        ? folder.toAbsolutePath().normalize().toString()
                        : folders.claim(claimName);
            }

            @Override
            public String configMap(String name) {
                return folders.configMap(name);
            }
        };
    }

    private static void refuseSameNames(List<JobDocuments> jobs) {
        Set<String> names = new HashSet<>();
        jobs.stream()
                .map(JobDocuments::name)
                .filter(name -> !names.add(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new UserMistakeException(
                            "Two jobs are named " + name + "; rename one, or name each method once.");
                });
    }

    /** By what people call them: the data of a ConfigMap is unpacked to another place for each job. */
    private static void refuseOtherGround(Contestant first, Contestant other) {
        if (!first.config().baseModel().name().equals(other.config().baseModel().name())) {
            throw differs(first, other, "base model");
        }
        if (!nameOf(first.config().dataset().train())
                .equals(nameOf(other.config().dataset().train()))) {
            throw differs(first, other, "training data");
        }
        if (!nameOf(first.config().dataset().evaluation())
                .equals(nameOf(other.config().dataset().evaluation()))) {
            throw differs(first, other, "evaluation data");
        }
    }

    private static String nameOf(TrainConfig.DataLocation data) {
        return data == null ? "none" : data.name();
    }

    private static UserMistakeException differs(Contestant first, Contestant other, String what) {
        return new UserMistakeException("The jobs " + first.name() + " and " + other.name() + " differ in their " + what
                + ", so their figures could not be compared; give both the same.");
    }
}
