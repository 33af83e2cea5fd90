package dev.prompttuning.peft.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles are written as Latin-1 text: an instruction is one character. */
class UnpicklerTest {

    @Test
    void buildsCollectionsAndNumbers() {
        // {"a": [1, -1, 300, 2**40, 1.5, None, True], "b": ("x", ())}
        Object value = load("\u0080\2}q\0(X\1\0\0\0a](K\1J\u00ff\u00ff\u00ff\u00ffM\u002c\1"
                + "\u008a\6\0\0\0\0\0\1G\u003f\u00f8\0\0\0\0\0\0N\u0088eX\1\0\0\0bX\1\0\0\0x)\u0086u.");

        Map<?, ?> map = assertInstanceOf(Map.class, value);
        assertEquals(Arrays.asList(1L, -1L, 300L, 1L << 40, 1.5, null, true), map.get("a"));
        assertEquals(new Tuple(List.of("x", new Tuple(List.of()))), map.get("b"));
    }

    @Test
    void recallsTheSameValue() {
        List<?> list = assertInstanceOf(List.class, load("\u0080\2](]q\5h\5e."));

        assertTrue(list.get(0) == list.get(1));
    }

    @ParameterizedTest
    @CsvSource({
        "cposix\\nsystem\\n, posix.system",
        "cbuiltins\\neval\\n, builtins.eval",
        "ctorch\\nload\\n, torch.load",
        "ctorch._utils\\n_rebuild_tensor_v2.__globals__\\n, torch._utils._rebuild_tensor_v2.__globals__",
        "c__builtin__\\nget attr;\\n, __builtin__.get?attr?"
    })
    void refusesNames(String instruction, String name) {
        assertEquals(
                "asks for " + name + ", which no tensor file needs",
                refusal("\u0080\2" + instruction.replace("\\n", "\n") + "."));
    }

    @Test
    void refusesNamesTakenFromTheStack() {
        assertEquals(
                "asks for os.system, which no tensor file needs", refusal("\u0080\4\u008c\2os\u008c\6system\u0093."));
    }

    @Test
    void quotesLongNamesInPart() {
        assertTrue(refusal("\u0080\2c" + "m".repeat(5000) + "\nx\n.").length() < 200);
    }

    /** INST, OBJ, NEWOBJ, EXT1, PERSID, BINBYTES, EMPTY_SET and an instruction that does not exist. */
    @ParameterizedTest
    @ValueSource(strings = {"i", "o", "\u0081", "\u0082", "P", "B", "\u008f", "\u00ff"})
    void refusesOtherInstructions(String instruction) {
        assertTrue(refusal("\u0080\2" + instruction).startsWith("uses pickle instruction 0x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // ends early: nothing, in a string, in a string of 4 GB, in a name, before the end
                "",
                "X\5\0\0\0abc",
                "X\u00ff\u00ff\u00ff\u00ffabc",
                "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffabc",
                "ctorch\nFloatStor",
                "N",
                // takes what is not there: from nothing, from below a mark, without a mark, from the memo
                ".",
                "N(.",
                "N(\u0085.",
                "Nt.",
                "h\1.",
                // uses values as what they are not
                "NNa.",
                ")Na.",
                "NNNs.",
                "}(Nu.",
                "}(]Nu.",
                "NNb.",
                "NQ.",
                "(X\6\0\0\0moduleNNNNtQ.",
                "N)R.",
                "X\1\0\0\0x)R.",
                "ctorch\nFloatStorage\n)R.",
                "ccollections\nOrderedDict\nN\u0085R.",
                "ctorch._utils\n_rebuild_tensor_v2\n)R.",
                "ctorch._utils\n_rebuild_parameter\nN\u0085R.",
                "\u008a\u00ff" + "x",
                "\u008a\11xxxxxxxxx."
            })
    void refusesDamage(String pickle) {
        assertTrue(refusal("\u0080\2" + pickle).startsWith("is damaged ("));
    }

    @Test
    void refusesOtherProtocols() {
        assertTrue(refusal("\u0080\11.").contains("protocol 9"));
    }

    @Test
    void boundsTheNumberOfInstructions() {
        assertTrue(refusal("\u0080\2" + "}".repeat(1_000_001) + ".").contains("more than 1000000 instructions"));
    }

    /** With any one byte changed, the result is a value or a refusal. */
    @Test
    void withstandsChangedBytes() throws IOException {
        byte[] pickle =
                TestArchive.of(Path.of("src/test/resources/torch/views.bin")).entry("data.pkl");
        int refused = 0;
        for (int at = 0; at < pickle.length; at++) {
            for (int value = 0; value < 256; value += 7) {
                byte[] changed = pickle.clone();
                changed[at] = (byte) value;
                try {
                    Unpickler.load(changed);
                } catch (RefusedPickleException e) {
                    refused++;
                }
            }
        }
        assertTrue(refused > pickle.length, "refused " + refused);
    }

    private static Object load(String pickle) {
        return Unpickler.load(pickle.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String refusal(String pickle) {
        return assertThrows(RefusedPickleException.class, () -> load(pickle)).getMessage();
    }
}
