package dev.prompttuning.trainer.command;

import dev.prompttuning.serving.ModelServer;
import dev.prompttuning.serving.ServerSettings;
import dev.prompttuning.trainer.http.OpenAiRoutes;
import dev.prompttuning.trainer.http.Probes;
import dev.prompttuning.training.FailureReport;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a base model and adapters until it is told to end. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        description = "Serves a base model and its adapters by OpenAI's API.",
        footer = {
            "",
            "Without a cluster, with folders for claims:",
            "  trainer serve -f serve.yaml --volume models=./models --volume adapters=./adapters",
            "  curl localhost:8080/v1/models"
        })
public final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = Logger.getLogger(ServeCommand.class);

    @ArgGroup(multiplicity = "1")
    Source source;

    static final class Source {
        @Option(names = "--config", paramLabel = "FILE", description = "A serve.json, as the operator writes it.")
        Path config;

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "A manifest with an AdapterServe, as kubectl takes it.")
        Path manifest;
    }

    @Mixin
    Volumes volumes;

    @Mixin
    DeviceOption device;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen on. Default: the environment variable PORT_8080, else 8080.")
    Integer port;

    private final PodPaths paths;
    private final MeterRegistry meters;
    private final Router router;
    private final Probes probes;
    private final String host;
    private final int listeningPort;

    @Inject
    ServeCommand(
            PodPaths paths,
            MeterRegistry meters,
            Router router,
            Probes probes,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int listeningPort) {
        this.paths = paths;
        this.meters = meters;
        this.router = router;
        this.probes = probes;
        this.host = host;
        this.listeningPort = listeningPort;
    }

    @Override
    public Integer call() {
        ServerSettings settings = source.config == null
                ? new ServeManifest(source.manifest, volumes.mounts()).settings()
                : new ServeConfigFile(source.config, paths).settings();
        try (ModelServer server = ModelServer.start(settings, device.start(), meters, Clock.systemUTC())) {
            new OpenAiRoutes(server).mount(router);
            probes.follow(server::ready, server.engine()::alive);
            LOG.infof("Serving %s on http://%s:%d/v1", settings.name(), host, listeningPort);
            Quarkus.waitForExit();
        } catch (RuntimeException | Error e) {
            if (source.config != null) {
                new TerminationLog(paths).write(FailureReport.of(e).message());
            }
            throw e;
        }
        return 0;
    }
}
