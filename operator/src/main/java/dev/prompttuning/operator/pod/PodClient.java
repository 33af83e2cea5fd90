package dev.prompttuning.operator.pod;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.contract.ContractPaths;
import io.fabric8.kubernetes.api.model.Pod;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Asks a pod for its JSON. A pod that does not answer is no error: it starts, ends, or is not reachable now. */
@Singleton
public class PodClient {
    /** Where a node that shares one address among its pods says which port a pod has in place of 8080. */
    private static final String PORT_ANNOTATION = "localcluster.prompttuning.dev/port-" + ContractPaths.PORT;

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /** What the pod answers at {@code path}, for example {@code /progress}. */
    public <T> Optional<T> get(Pod pod, String path, Class<T> type) {
        if (pod.getStatus() == null || pod.getStatus().getPodIP() == null) {
            return Optional.empty();
        }
        try {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(address(pod, path)).timeout(TIMEOUT).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? Optional.of(json.readValue(answer.body(), type)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static URI address(Pod pod, String path) {
        var annotations = pod.getMetadata().getAnnotations();
        String mapped = annotations == null ? null : annotations.get(PORT_ANNOTATION);
        String port = mapped == null ? String.valueOf(ContractPaths.PORT) : mapped;
        String ip = pod.getStatus().getPodIP();
        return URI.create("http://" + (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port + path);
    }
}
