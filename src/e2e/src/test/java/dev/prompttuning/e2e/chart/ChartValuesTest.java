package dev.prompttuning.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong values are refused before anything reaches a cluster, with the value's name in the message. */
class ChartValuesTest {

    static List<Path> cases() throws IOException {
        return ChartCases.invalid();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void refuses(Path values) throws Exception {
        String message = Files.readAllLines(values).get(0).replaceFirst("^# ", "");
        Program.Result result = new Helm().tryTemplate(values);
        assertNotEquals(0, result.status(), () -> values + " is rendered");
        assertTrue(result.output().contains(message), () -> values + ": expected: " + message + "\n" + result.output());
    }
}
