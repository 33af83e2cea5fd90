package dev.prompttuning.quickstart.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.prompttuning.quickstart.tokenizer.BytePairTrainer.Pair;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BytePairTrainerTest {

    @Test
    void mergesTheMostFrequentPairFirst() {
        BytePairTrainer trainer = new BytePairTrainer().add("low low low lot");
        assertEquals(List.of(new Pair("l", "o"), new Pair("lo", "w"), new Pair("Ġ", "low")), trainer.merges(3));
    }

    @Test
    void decidesTiesByTheAlphabet() {
        BytePairTrainer trainer = new BytePairTrainer().add("xy\nab\nxy\nab");
        assertEquals(List.of(new Pair("a", "b"), new Pair("x", "y")), trainer.merges(2));
    }

    @Test
    void mergesNothingThatOccursOnce() {
        assertEquals(List.of(), new BytePairTrainer().add("abcdef").merges(10));
    }

    @Test
    void mergesOverlappingPairsFromTheLeft() {
        BytePairTrainer trainer = new BytePairTrainer().add("aaa");
        assertEquals(List.of(new Pair("a", "a")), trainer.merges(5));
    }

    @Test
    void cutsWordsWithTheirLeadingSpaceAndKeepsEveryByte() {
        assertEquals(List.of("It", "'s", "Ġ", "Ġ5", ".", "5", "ĠâĤ¬", "Ċ"), ByteLevel.words("It's  5.5 €\n"));
        assertEquals(256, ByteLevel.characters().stream().distinct().count());
    }

    @Test
    void refusesAVocabularyWithoutRoomForTheBytes() {
        assertThrows(IllegalArgumentException.class, () -> TokenizerFolder.learn(Stream.of("a"), 258));
    }
}
