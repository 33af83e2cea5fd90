package dev.prompttuning.peft.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The arguments of a pickle's instructions: little-endian numbers and UTF-8 text. */
final class PickleInput {

    private final ByteBuffer bytes;

    PickleInput(byte[] pickle) {
        this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    int unsignedByte() {
        return take(1).get() & 0xff;
    }

    int unsignedShort() {
        return take(2).getShort() & 0xffff;
    }

    int signedInt() {
        return take(4).getInt();
    }

    long unsignedInt() {
        return take(4).getInt() & 0xffffffffL;
    }

    long signedLong() {
        return take(8).getLong();
    }

    /** The one number a pickle holds with its highest byte first. */
    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(take(8).getLong()));
    }

    /** A two's complement integer of as many bytes as the byte before it says. */
    long variableLong() {
        byte[] value = copy(unsignedByte());
        if (value.length > Long.BYTES) {
            throw RefusedPickleException.malformed("it holds a number of " + value.length + " bytes");
        }
        for (int i = 0; i < value.length / 2; i++) {
            byte low = value[i];
            value[i] = value[value.length - 1 - i];
            value[value.length - 1 - i] = low;
        }
        return value.length == 0 ? 0 : new BigInteger(value).longValueExact();
    }

    String text(long length) {
        return new String(copy(length), StandardCharsets.UTF_8);
    }

    String line() {
        int length = 0;
        while (length < bytes.remaining() && bytes.get(bytes.position() + length) != '\n') {
            length++;
        }
        String line = text(length);
        unsignedByte();
        return line;
    }

    private byte[] copy(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw truncated();
        }
        byte[] copy = new byte[(int) length];
        bytes.get(copy);
        return copy;
    }

    private ByteBuffer take(int length) {
        if (bytes.remaining() < length) {
            throw truncated();
        }
        return bytes;
    }

    private static RefusedPickleException truncated() {
        return RefusedPickleException.malformed("its pickle ends early");
    }
}
