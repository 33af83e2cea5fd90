package dev.prompttuning.quickstart.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * GPT-2's byte level: text is cut into words with their leading space, and each byte of UTF-8 stands as one visible character, so
 * that every text can be written and no token is a blank.
 */
final class ByteLevel {
    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final String ALPHABET = alphabet();

    private ByteLevel() {}

    /** The 256 characters that stand for the bytes, by code point. */
    static List<String> characters() {
        return ALPHABET.chars().sorted().mapToObj(Character::toString).toList();
    }

    /** The words of a text, in the alphabet's characters. */
    static List<String> words(String text) {
        return WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(ByteLevel::encode)
                .toList();
    }

    private static String encode(String word) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
            encoded.append(ALPHABET.charAt(Byte.toUnsignedInt(b)));
        }
        return encoded.toString();
    }

    /** Visible Latin-1 characters stand for themselves; the other bytes take, in order, the code points from 256 on. */
    private static String alphabet() {
        StringBuilder alphabet = new StringBuilder();
        int next = 256;
        for (int b : IntStream.range(0, 256).toArray()) {
            alphabet.append((char) (visible(b) ? b : next++));
        }
        return alphabet.toString();
    }

    private static boolean visible(int b) {
        return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
    }
}
