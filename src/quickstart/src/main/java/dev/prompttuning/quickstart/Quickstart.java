package dev.prompttuning.quickstart;

import dev.prompttuning.quickstart.tour.Project;
import dev.prompttuning.quickstart.tour.Visit;
import java.nio.file.Path;
import java.util.List;

/** The quickstart as a command. The script {@code quickstart} builds the project, checks the options and runs it. */
public final class Quickstart {
    private Quickstart() {}

    /**
     * Expects the repository's folder in the system property {@code quickstart.root}, and in {@code quickstart.terminal} whether
     * lines can be drawn over.
     *
     * @param arguments {@code --keep} or nothing
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path root = Path.of(System.getProperty("quickstart.root", "."));
        Visit visit = new Visit(new Project(root), System.out, Boolean.getBoolean("quickstart.terminal"));
        System.exit(visit.run(List.of(arguments).contains("--keep")));
    }
}
