package dev.prompttuning.quickstart.tour;

import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.quickstart.text.Example;
import dev.prompttuning.quickstart.text.JsonLines;
import java.io.IOException;
import java.time.Duration;

/** The tour's steps, one after another. */
public final class Tour implements AutoCloseable {
    private static final Duration OPERATOR = Duration.ofMinutes(3);
    private static final Duration TRAINING = Duration.ofMinutes(15);
    private static final Duration SERVING = Duration.ofMinutes(3);
    private static final int SAMPLES = 3;

    private final Project project;
    private final Screen screen;
    private final QuickstartCluster cluster;
    private TrainingView training;
    private ServingView serving;

    private Tour(Project project, Screen screen, QuickstartCluster cluster) {
        this.project = project;
        this.screen = screen;
        this.cluster = cluster;
    }

    /** Starts the cluster. */
    static Tour start(Project project, Screen screen) {
        screen.step("A Kubernetes API server and one node start in this JVM");
        QuickstartCluster cluster = QuickstartCluster.start(project);
        screen.event(
                "API server at " + cluster.apiServer() + ", kubeconfig in " + project.relative(cluster.kubeconfig()));
        return new Tour(project, screen, cluster);
    }

    /** All further steps. */
    void run() throws IOException, InterruptedException {
        installOperator();
        Resources example = Resources.of(project.manifest());
        apply(example);
        Waiting.until(this::trained, TRAINING, "the PromptTuningJob to complete");
        Waiting.until(serving::look, SERVING, "the AdapterServe to load the adapter");
        screen.line("         " + training.result());
        Exam exam = exam();
        Exam.Result result = exam.ask(JsonLines.read(project.heldOut()), this::asked);
        show(exam, result);
        if (result.tuned().right() <= result.base().right()) {
            throw new StepFailedException("The soft prompt answered no more questions than the base model alone.");
        }
    }

    private void installOperator() throws IOException, InterruptedException {
        screen.step("The operator starts as a Deployment");
        cluster.install();
        Waiting.until(cluster::operatorReady, OPERATOR, "the operator to be ready");
        screen.event("CRDs, claims and Deployment " + QuickstartCluster.OPERATOR + " are there, its pod is ready");
    }

    private void apply(Resources example) {
        screen.step("kubectl apply --server-side -f " + project.relative(project.manifest()));
        training = new TrainingView(cluster.client(), screen, example.name("PromptTuningJob"));
        serving = new ServingView(cluster.client(), screen, example.name("AdapterServe"));
        example.apply(cluster.client());
    }

    /** The server starts while the training goes on. */
    private boolean trained() {
        boolean complete = training.look();
        serving.look();
        return complete;
    }

    private Exam exam() {
        screen.step("The base model and the tuned adapter answer the same held-out questions");
        var spec = serving.serve().getSpec();
        return new Exam(
                new CompletionsClient(cluster.url(service())),
                TrainConfigs.modelName(spec.baseModel()),
                spec.adapters().get(0).name());
    }

    private void asked(int questions) {
        screen.bottom("         asked " + questions);
    }

    private void show(Exam exam, Exam.Result result) {
        screen.settle();
        for (Exam.Answers answers : result.samples(SAMPLES)) {
            screen.line("  " + answers.question().prompt().replace("\n", "\n  "));
            screen.line("      base model   " + answers.base().strip());
            screen.line("      soft prompt  " + answers.tuned().strip());
            screen.line("      right        " + answers.question().completion().strip());
            screen.blank();
        }
        screen.line("  Exact matches on all held-out questions:");
        screen.line("      base model   " + result.base() + "   (model: " + exam.base() + ")");
        screen.line("      soft prompt  " + result.tuned() + "   (model: " + exam.tuned() + ")");
    }

    /** What to type next, while the cluster is up or after. */
    void goOn(boolean up) throws IOException {
        screen.step("How to go on");
        Example question = JsonLines.read(project.heldOut()).get(0);
        HowToGoOn words = new HowToGoOn(project, adapter(), question.prompt());
        (up ? words.whileUp(cluster.kubeconfig(), cluster.url(service()), service()) : words.after())
                .forEach(screen::line);
    }

    /** What is known of a failure. */
    void explain() {
        Diagnosis diagnosis = new Diagnosis(cluster.client(), screen);
        if (training != null && training.job() != null && training.job().getStatus() != null) {
            diagnosis.conditions("PromptTuningJob", training.job().getStatus().conditions());
        }
        if (serving != null && serving.serve() != null && serving.serve().getStatus() != null) {
            diagnosis.conditions("AdapterServe", serving.serve().getStatus().conditions());
        }
        diagnosis.pods();
    }

    private String service() {
        return serving.serve().getMetadata().getName();
    }

    private String adapter() {
        return serving.serve().getSpec().adapters().get(0).name();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
