package dev.prompttuning.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.transformers.engine.DeviceChoice;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class DeviceOptionTest {

    @Command(name = "any")
    static final class Any {
        @CommandLine.Mixin
        DeviceOption device;
    }

    private static DeviceOption parsed(String... arguments) {
        Any any = new Any();
        new CommandLine(any).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return any.device;
    }

    @Test
    void isAutoUnlessSaid() {
        Assumptions.assumeTrue(System.getenv("TRAINER_DEVICE") == null);
        assertEquals(DeviceChoice.AUTO, parsed().choice);
        assertEquals(DeviceChoice.CUDA, parsed("--device", "cuda").choice);
        assertEquals(Device.cpu(), parsed("--device=cpu").start());
    }

    @Test
    void aGpuThatIsNotThereIsAMistake() {
        parsed("--device=cpu").start();
        Assumptions.assumeFalse(Engine.getEngine("PyTorch").hasCapability(StandardCapabilities.CUDA));
        String message = assertThrows(UserMistakeException.class, parsed("--device=cuda")::start)
                .getMessage();
        assertTrue(message.startsWith("--device cuda: A GPU is asked for, but PyTorch sees none; "), message);
    }
}
