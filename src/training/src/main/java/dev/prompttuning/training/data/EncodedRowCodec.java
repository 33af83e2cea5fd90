package dev.prompttuning.training.data;

import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.training.data.EncodedRow.Span;
import dev.prompttuning.training.data.store.RowCodec;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Rows of language models as bytes: the count of tokens, the tokens, and what is learned of them, in numbers of 32 bits. */
final class EncodedRowCodec implements RowCodec<EncodedRow> {
    private static final int OBJECTS = 120;
    private static final int SPAN = 24;

    @Override
    public void write(EncodedRow row, DataOutput out) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(
                Integer.BYTES * (5 + row.length() + 2 * row.learned().size()));
        bytes.putInt(row.length());
        for (int token : row.tokenIds()) {
            bytes.putInt(token);
        }
        bytes.putInt(row.answerStart()).putInt(row.cut().ordinal()).putInt(row.task());
        bytes.putInt(row.learned().size());
        for (Span span : row.learned()) {
            bytes.putInt(span.start()).putInt(span.end());
        }
        out.write(bytes.array());
    }

    @Override
    public EncodedRow read(ByteBuffer bytes) {
        int[] tokens = new int[bytes.getInt()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = bytes.getInt();
        }
        int answerStart = bytes.getInt();
        Cut cut = Cut.values()[bytes.getInt()];
        int task = bytes.getInt();
        List<Span> learned = new ArrayList<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            learned.add(new Span(bytes.getInt(), bytes.getInt()));
        }
        return new EncodedRow(tokens, answerStart, learned, cut, task);
    }

    @Override
    public long bytesInMemory(EncodedRow row) {
        return OBJECTS
                + (long) Integer.BYTES * row.length()
                + (long) SPAN * row.learned().size();
    }
}
