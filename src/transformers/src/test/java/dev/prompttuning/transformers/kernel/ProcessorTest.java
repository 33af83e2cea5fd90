package dev.prompttuning.transformers.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTest {

    @Test
    void readsTheFirstProcessorsFeatures(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("cpuinfo");
        Files.writeString(
                file,
                "processor\t: 0\nmodel name\t: A\nflags\t\t: fpu sse2 avx512_bf16\n\nprocessor\t: 1\nflags\t\t: fpu\n");
        Processor processor = Processor.of(file);
        assertEquals(Set.of("fpu", "sse2", "avx512_bf16"), processor.features());
        assertTrue(processor.multiplies(Precision.BFLOAT16));
        assertFalse(processor.multiplies(Precision.FLOAT16));
        assertFalse(processor.multiplies(Precision.INT8));
    }

    @Test
    void knowsArm(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("cpuinfo");
        Files.writeString(file, "processor\t: 0\nFeatures\t: fp asimd bf16\n");
        assertTrue(Processor.of(file).multiplies(Precision.BFLOAT16));
    }

    @Test
    void nothingSpecialMultipliesSinglePrecisionOnly() {
        Processor plain = new Processor(Set.of());
        assertTrue(plain.multiplies(Precision.FLOAT32));
        assertFalse(plain.multiplies(Precision.BFLOAT16));
        assertFalse(plain.multiplies(Precision.FLOAT16));
    }
}
