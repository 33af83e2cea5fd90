package dev.prompttuning.training.data;

import dev.prompttuning.training.data.EncodedRow.Cut;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Turns text into token ids and labels. Prompt and answer are tokenised on their own, so that the prompt's ids are the ones that
 * the model will see when it is asked.
 */
public final class RowEncoder {

    private final TextEncoder text;
    private final long endToken;
    private final int maxLength;
    private final boolean trainOnPrompt;

    /**
     * @param endToken appended to every answer and learned
     * @param maxLength most tokens of a row, end token included and virtual tokens not
     * @param trainOnPrompt whether the prompt is learned as well as the answer
     */
    public RowEncoder(TextEncoder text, long endToken, int maxLength, boolean trainOnPrompt) {
        this.text = text;
        this.endToken = endToken;
        this.maxLength = maxLength;
        this.trainOnPrompt = trainOnPrompt;
    }

    /** A row that is too long loses the beginning of its prompt; an answer that is too long on its own loses its end. */
    public EncodedRow encode(Example example) {
        long[] prompt = prompt(example.prompt());
        long[] answer = LongStream.concat(
                        Arrays.stream(
                                text.encode(example.answer(), example.prompt().isEmpty())),
                        LongStream.of(endToken))
                .toArray();
        if (example.prompt().isEmpty()) {
            answer = withoutDoubleEnd(answer);
        }
        if (answer.length > maxLength) {
            return row(new long[0], Arrays.copyOf(answer, maxLength), Cut.ANSWER);
        }
        int room = maxLength - answer.length;
        return prompt.length > room
                ? row(Arrays.copyOfRange(prompt, prompt.length - room, prompt.length), answer, Cut.PROMPT)
                : row(prompt, answer, Cut.NOTHING);
    }

    /** Most tokens of a row. */
    public int maxLength() {
        return maxLength;
    }

    /** A prompt's tokens, none of them left out. */
    public int[] promptTokens(String prompt) {
        return Arrays.stream(prompt(prompt)).mapToInt(Math::toIntExact).toArray();
    }

    /** The tokens of an answer behind a prompt, and the end token. */
    public int[] answerTokens(String answer) {
        return LongStream.concat(Arrays.stream(text.encode(answer, false)), LongStream.of(endToken))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** A row that is learned. */
    public EncodedRow row(int[] prompt, int[] answer, Cut cut) {
        return row(
                Arrays.stream(prompt).asLongStream().toArray(),
                Arrays.stream(answer).asLongStream().toArray(),
                cut);
    }

    /** As the model sees it when it is asked: with the tokenizer's leading special tokens, without a trailing end token. */
    private long[] prompt(String prompt) {
        if (prompt.isEmpty()) {
            return new long[0];
        }
        long[] ids = text.encode(prompt, true);
        boolean ended = ids.length > 1 && ids[ids.length - 1] == endToken;
        return ended ? Arrays.copyOf(ids, ids.length - 1) : ids;
    }

    private long[] withoutDoubleEnd(long[] answer) {
        boolean twice = answer.length > 1 && answer[answer.length - 2] == endToken;
        return twice ? Arrays.copyOf(answer, answer.length - 1) : answer;
    }

    private EncodedRow row(long[] prompt, long[] answer, Cut cut) {
        int[] ids = LongStream.concat(Arrays.stream(prompt), Arrays.stream(answer))
                .mapToInt(Math::toIntExact)
                .toArray();
        return new EncodedRow(ids, prompt.length, trainOnPrompt ? 0 : prompt.length, cut);
    }
}
