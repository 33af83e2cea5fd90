package dev.prompttuning.quickstart;

import dev.prompttuning.quickstart.tour.Project;
import dev.prompttuning.quickstart.tour.Visit;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The quickstart as a command; the script {@code quickstart} builds the project and runs it. */
public final class Quickstart {
    private static final String USAGE =
            """
            Usage: ./quickstart [--keep]

            Starts a Kubernetes API server with one node in one JVM and the operator on it, applies examples/quickstart.yaml,
            shows how a soft prompt is trained and served, and asks the base model and the tuned adapter the same held-out
            questions. Needs a JDK 17 or newer and Maven, and no cluster.

              --keep   leave everything up at the end, until Ctrl-C
              --help   show this and end
            """;

    private Quickstart() {}

    /** Expects the repository's folder in the system property {@code quickstart.root}. */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help") || options.contains("-h")) {
            System.out.print(USAGE);
            return;
        }
        for (String option : options) {
            if (!option.equals("--keep")) {
                System.err.println("quickstart: " + option + " is no option; --help shows them.");
                System.exit(2);
            }
        }
        Path root = Path.of(System.getProperty("quickstart.root", "."));
        boolean terminal = Boolean.getBoolean("quickstart.terminal");
        System.exit(new Visit(new Project(root), System.out, terminal).run(options.contains("--keep")));
    }
}
