package dev.prompttuning.training.data;

/**
 * A text and its answer as token ids.
 *
 * @param sourceIds what the encoder reads, with what the tokenizer puts behind a text
 * @param targetIds what the decoder is to write, with the end token unless the answer was cut
 */
public record Seq2SeqRow(int[] sourceIds, int[] targetIds, EncodedRow.Cut cut) implements Row {

    @Override
    public int length() {
        return sourceIds.length + targetIds.length;
    }

    @Override
    public boolean isLabelled() {
        return targetIds.length > 0;
    }
}
