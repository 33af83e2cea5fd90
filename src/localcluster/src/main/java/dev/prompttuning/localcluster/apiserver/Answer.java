package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** @param warnings sent as Warning headers */
record Answer(int code, ObjectNode body, List<String> warnings) {

    static Answer of(ObjectNode body) {
        return new Answer(200, body, List.of());
    }
}
