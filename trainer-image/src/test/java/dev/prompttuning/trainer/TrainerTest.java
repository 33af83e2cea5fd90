package dev.prompttuning.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerTest {

    @Test
    void listensOnlyForSubCommandsThatAnswer() {
        assertEquals(new Trainer.HttpServer(true, null), Trainer.HttpServer.of(List.of("serve", "-f", "x"), false));
        assertEquals(new Trainer.HttpServer(false, null), Trainer.HttpServer.of(List.of("serve", "--help"), false));
        assertEquals(new Trainer.HttpServer(false, null), Trainer.HttpServer.of(List.of("generate", "serve"), true));
        assertEquals(new Trainer.HttpServer(false, null), Trainer.HttpServer.of(List.of("train", "-f", "x"), false));
        assertEquals(new Trainer.HttpServer(true, null), Trainer.HttpServer.of(List.of("train", "-f", "x"), true));
        assertEquals(new Trainer.HttpServer(true, "0"), Trainer.HttpServer.of(List.of("train", "--port=0"), false));
        assertEquals(
                new Trainer.HttpServer(true, "81"), Trainer.HttpServer.of(List.of("serve", "--port", "81"), false));
    }
}
