package dev.prompttuning.transformers.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a CPU has instructions for. Without instructions for it, PyTorch multiplies half precision many times slower than single
 * precision.
 *
 * @param features as Linux names them, such as {@code avx512_bf16}
 */
public record Processor(Set<String> features) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    public Processor {
        features = Set.copyOf(features);
    }

    /** The CPU this process runs on; where Linux's list is not to be had, one that has nothing special. */
    public static Processor ofMachine() {
        return Files.isReadable(CPU_INFO) ? of(CPU_INFO) : new Processor(Set.of());
    }

    /** By a file like {@code /proc/cpuinfo}, whose line {@code flags} (x86) or {@code Features} (ARM) lists the features. */
    static Processor of(Path cpuInfo) {
        try (Stream<String> lines = Files.lines(cpuInfo)) {
            return new Processor(lines.filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .findFirst()
                    .map(line ->
                            Set.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+")))
                    .orElse(Set.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it multiplies matrices of this format faster than it would turn them into single precision first. */
    public boolean multiplies(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> true;
            case BFLOAT16 -> hasAny("avx512_bf16", "amx_bf16", "bf16");
            case FLOAT16 -> hasAny("avx512_fp16", "amx_fp16");
            case INT8 -> false;
        };
    }

    private boolean hasAny(String... names) {
        return Stream.of(names).anyMatch(features::contains);
    }
}
