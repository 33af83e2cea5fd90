package dev.prompttuning.trainer;

import io.quarkus.picocli.runtime.PicocliRunner;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;
import java.util.List;

/**
 * Where the program starts. The web server listens for those sub-commands only that answer over HTTP, which has to be settled
 * before Quarkus starts.
 */
@QuarkusMain
public final class Trainer {
    private static final String PORT_OPTION = "--port";

    private Trainer() {}

    public static void main(String... args) {
        HttpServer server = HttpServer.of(Arrays.asList(args), System.getenv("PORT_8080") != null);
        System.setProperty("quarkus.http.host-enabled", Boolean.toString(server.listens()));
        if (server.port() != null) {
            System.setProperty("quarkus.http.port", server.port());
        }
        Quarkus.run(PicocliRunner.class, args);
    }

    /** @param port as asked for on the command line, or null */
    record HttpServer(boolean listens, String port) {

        /**
         * {@code serve} always listens, {@code train} where something can be expected to ask: with a port that was given to it.
         *
         * @param portInEnvironment whether whoever started the process gave it a port
         */
        static HttpServer of(List<String> args, boolean portInEnvironment) {
            String port = port(args);
            boolean help = args.contains("--help") || args.contains("-h");
            boolean listens =
                    switch (args.isEmpty() ? "" : args.get(0)) {
                        case "serve" -> true;
                        case "train" -> args.contains("--config") || portInEnvironment || port != null;
                        default -> false;
                    };
            return new HttpServer(listens && !help, port);
        }

        private static String port(List<String> args) {
            for (int i = 0; i < args.size(); i++) {
                if (args.get(i).equals(PORT_OPTION) && i + 1 < args.size()) {
                    return numeric(args.get(i + 1));
                }
                if (args.get(i).startsWith(PORT_OPTION + "=")) {
                    return numeric(args.get(i).substring(PORT_OPTION.length() + 1));
                }
            }
            return null;
        }

        /** What is no number is left for the command to complain of. */
        private static String numeric(String port) {
            return port.matches("[0-9]{1,5}") ? port : null;
        }
    }
}
