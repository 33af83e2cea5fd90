package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.function.UnaryOperator;

/** Changes to objects that others change as well: read, change, write, and again from the start on a conflict. */
final class Edits {

    private static final int ATTEMPTS = 10;

    private Edits() {}

    static <T> void edit(Resource<T> resource, UnaryOperator<T> change) {
        repeat(() -> resource.edit(change));
    }

    static <T> void status(Resource<T> resource, UnaryOperator<T> change) {
        repeat(() -> resource.editStatus(change));
    }

    private static void repeat(Runnable edit) {
        for (int attempt = 1; ; attempt++) {
            try {
                edit.run();
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
