package dev.prompttuning.trainer.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PromptTuningJob as a tree, and the ConfigMaps beside it.
 *
 * @param others documents that the job may refer to
 */
record JobDocuments(ObjectNode job, List<JsonNode> others) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final int USUAL_VIRTUAL_TOKENS = 20;

    /** The jobs of a file, in their order. */
    static List<JobDocuments> read(Path file) {
        List<ObjectNode> jobs = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(file))) {
            documents.forEachRemaining(document -> {
                if (document instanceof ObjectNode object
                        && "PromptTuningJob".equals(object.path("kind").asText())) {
                    jobs.add(object);
                } else if ("ConfigMap".equals(document.path("kind").asText())) {
                    others.add(document);
                }
            });
        } catch (JsonProcessingException e) {
            throw new UserMistakeException(file + " is not YAML: " + e.getOriginalMessage());
        } catch (IOException | RuntimeException e) {
            throw new UserMistakeException(file + " cannot be read: " + e.getMessage() + ".");
        }
        return jobs.stream().map(job -> new JobDocuments(job, others)).toList();
    }

    String name() {
        return job.path("metadata").path("name").asText();
    }

    /** The same job with another method; its learning rate was chosen for its own method and goes. */
    JobDocuments with(ComparedMethod method) {
        ObjectNode other = job.deepCopy();
        other.withObject("/metadata").put("name", method.toString());
        ObjectNode spec = other.withObject("/spec");
        spec.set("method", method.spec(numVirtualTokens()));
        if (spec.path("training") instanceof ObjectNode training) {
            training.remove("learningRate");
        }
        return new JobDocuments(other, others);
    }

    /** The same job, its adapter at the root of a claim under the job's own name. */
    JobDocuments writingTo(String claim) {
        ObjectNode other = job.deepCopy();
        ObjectNode output = other.withObject("/spec").putObject("output");
        output.putObject("persistentVolumeClaim").put("claimName", claim);
        output.put("adapterName", "adapter");
        return new JobDocuments(other, others);
    }

    private int numVirtualTokens() {
        return Optional.ofNullable(job.path("spec").path("method").findValue("numVirtualTokens"))
                .map(JsonNode::asInt)
                .orElse(USUAL_VIRTUAL_TOKENS);
    }

    /** As documents of JSON, which are documents of YAML too. */
    String text() {
        StringBuilder text = new StringBuilder(job.toPrettyString());
        others.forEach(other -> text.append("\n---\n").append(other.toPrettyString()));
        return text.append('\n').toString();
    }
}
