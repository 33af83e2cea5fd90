package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.seq2seq.Seq2SeqBatch;
import dev.prompttuning.peft.seq2seq.Seq2SeqTuning;
import dev.prompttuning.transformers.generation.Generation;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Generator;
import dev.prompttuning.transformers.seq2seq.Seq2SeqPrompt;
import dev.prompttuning.transformers.seq2seq.Seq2SeqSession;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** T5 and its methods compute what PEFT computes; as {@link GoldenTest} for causal models. */
class Seq2SeqGoldenTest {

    static List<GoldenCase> cases() throws IOException {
        return GoldenTest.all().filter(GoldenCase::isSeq2Seq).toList();
    }

    @Test
    void thereIsACaseForEveryMethod() throws IOException {
        assertEquals(
                List.of(
                        "full",
                        "lora",
                        "prefix",
                        "prefix-mlp",
                        "prompt-random",
                        "prompt-text",
                        "ptuning-lstm",
                        "ptuning-mlp"),
                cases().stream().map(GoldenCase::method).toList());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstStepHasTheLossAndTheGradients(GoldenCase golden) {
        for (boolean recompute : new boolean[] {false, true}) {
            try (Seq2SeqGoldenModel model = Seq2SeqGoldenModel.load(golden, recompute)) {
                Seq2SeqBatch batch = model.batch();
                Map<String, NDArray> expected = golden.tensors("golden.safetensors", model.manager());
                Loss loss = model.seq2seq().train(batch, 1.0 / batch.labelledTokens());
                assertEquals(expected.get("loss").getFloat(), loss.mean(), 1e-4);
                GoldenTest.assertGradients(model.tuning().parameters(), expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstForwardHasTheLogits(GoldenCase golden) {
        try (Seq2SeqGoldenModel model = Seq2SeqGoldenModel.load(golden, false)) {
            model.assertLogits("golden.safetensors", 1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainingEndsWhereItEndsInPeft(GoldenCase golden) throws IOException {
        try (Seq2SeqGoldenModel model = Seq2SeqGoldenModel.load(golden, false)) {
            Seq2SeqBatch batch = model.batch();
            GoldenRun run = GoldenRun.train(golden, model.tuning().parameters(), model.manager(), () -> model.seq2seq()
                    .train(batch, 1.0 / batch.labelledTokens()));
            run.assertAsIn(golden);
            GoldenTest.assertTrained(golden, model.tuning(), model.lm());
            model.assertLogits("trained_eval.safetensors", 2e-3);
            assertGenerates(golden, model.seq2seq(), model);
        }
    }

    private static void assertGenerates(GoldenCase golden, Seq2SeqTuning seq2seq, Seq2SeqGoldenModel model) {
        GenerationSettings settings = GenerationSettings.fromGenerationConfig(
                model.folder().generationConfig().orElseThrow());
        for (JsonNode sample : golden.json().get("generate_greedy")) {
            long[] expected = GoldenTest.longs(sample.get("new_tokens"));
            try (Seq2SeqPrompt prompt = seq2seq.prompt();
                    Seq2SeqSession session =
                            new Seq2SeqSession(seq2seq.model(), GoldenTest.longs(sample.get("input_ids")), prompt)) {
                Generation generation = Generator.generate(
                        session,
                        session.opening(),
                        settings.withMaxNewTokens(expected.length).withMinNewTokens(expected.length));
                assertArrayEquals(
                        expected, generation.tokens(), sample.get("prompt").asText());
            }
        }
    }
}
