package dev.prompttuning.quickstart.tour;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;

/** One tour from its beginning to its end, with what it needs around it: a clean folder that no other tour uses. */
public final class Visit {
    private final Project project;
    private final Screen screen;
    private final Clock clock = Clock.systemUTC();

    /** @param terminal whether lines can be drawn over */
    public Visit(Project project, PrintStream out, boolean terminal) {
        this.project = project;
        this.screen = new Screen(out, terminal, clock);
    }

    /**
     * @param keep whether the cluster stays up at the end, until the JVM is told to end
     * @return the exit code
     */
    public int run(boolean keep) throws InterruptedException {
        var start = clock.instant();
        try {
            project.check();
            Files.createDirectories(project.work());
            try (FileChannel channel = FileChannel.open(
                            project.work().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock == null) {
                    throw new StepFailedException("Another ./quickstart is running here; end it first.");
                }
                clean();
                logToFile();
                int code = tour(keep);
                if (code == 0) {
                    screen.blank();
                    screen.line("Done in "
                            + Duration.between(start, clock.instant()).toSeconds() + " s.");
                }
                return code;
            }
        } catch (StepFailedException e) {
            screen.line("quickstart: " + e.getMessage());
            return 1;
        } catch (IOException e) {
            screen.line("quickstart: " + e);
            return 1;
        }
    }

    private int tour(boolean keep) throws IOException, InterruptedException {
        try (Tour tour = Tour.start(project, screen)) {
            try {
                tour.run();
                tour.goOn(keep);
            } catch (StepFailedException e) {
                screen.settle();
                screen.blank();
                screen.line("FAILED: " + e.getMessage());
                tour.explain();
                return 1;
            }
            if (keep) {
                screen.blank();
                screen.line("The cluster stays up. Ctrl-C ends it.");
                new CountDownLatch(1).await();
            }
            return 0;
        }
    }

    /** An earlier run's adapter and checkpoints would be gone on with. */
    private void clean() throws IOException {
        for (Path folder : new Path[] {project.cluster(), project.adapters()}) {
            if (Files.exists(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.sorted(Comparator.reverseOrder()).forEach(Visit::delete);
                }
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the libraries say is no part of the tour. */
    private void logToFile() throws IOException {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        FileHandler file =
                new FileHandler(project.work().resolve("cluster.log").toString().replace("%", "%%"));
        file.setFormatter(new SimpleFormatter());
        root.addHandler(file);
    }
}
