package dev.prompttuning.peft.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.transformers.model.LinearMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LoraTargetsTest {

    private static final List<LinearMap> MAPS = Stream.of(
                    "layers.0.q_proj", "layers.0.my_q_proj", "layers.0.mlp.up", "layers.1.q_proj", "lm_head")
            .map(name -> new LinearMap(name, name + ".weight", 8, 8, false))
            .toList();

    private static List<String> matching(String... targets) {
        return LoraTargets.matching(List.of(targets), MAPS).stream()
                .map(LinearMap::name)
                .toList();
    }

    @Test
    void aTargetIsTheEndOfANameBehindADot() {
        assertEquals(List.of("layers.0.q_proj", "layers.1.q_proj"), matching("q_proj"));
        assertEquals(List.of("layers.0.mlp.up", "layers.1.q_proj"), matching("mlp.up", "layers.1.q_proj"));
    }

    @Test
    void aTargetThatIsNotThereIsNamedWithThoseThatAre() {
        String message = assertThrows(IllegalArgumentException.class, () -> matching("q_proj", "k_proj"))
                .getMessage();
        assertEquals("no linear layer of this model is called \"k_proj\"; there are my_q_proj, q_proj, up.", message);
    }

    @Test
    void allLinearIsEveryMapButTheHead() {
        assertEquals(List.of("my_q_proj", "q_proj", "up"), LoraTargets.resolved(List.of("all-linear"), MAPS));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> matching("lm_head"))
                .getMessage()
                .contains("cannot be the only target"));
    }

    @Test
    void theScaleFollowsTheRankAndTheMap() {
        LoraSettings plain = new LoraSettings(4, 12, 0, false, List.of("q_proj"), Map.of("layers.1.q_proj", 2.0));
        LoraSettings stabilized = new LoraSettings(4, 12, 0, true, List.of("q_proj"));
        assertEquals(3, plain.scale("layers.0.q_proj", 4));
        assertEquals(0.5, plain.scale("layers.1.q_proj", 4));
        assertEquals(6, stabilized.scale("layers.0.q_proj", 4));
    }
}
