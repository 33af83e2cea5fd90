package dev.prompttuning.transformers.kernel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The file format that PyTorch loads modules from: a zip of the code and of the pickled module object. */
final class TorchScriptArchive {
    private static final String FOLDER = "kernels/";
    private static final String FORMAT_VERSION = "3\n";
    /** Protocol 2, an empty tuple, stop: the code refers to no constants. */
    private static final byte[] NO_CONSTANTS = latin1("\u0080\u0002).");

    private TorchScriptArchive() {}

    /** An archive whose module is an object of class {@code name}, which stands in {@code source}. */
    static InputStream of(String source, String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            add(zip, "data.pkl", module(name));
            add(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            add(zip, "constants.pkl", NO_CONSTANTS);
            add(zip, "version", latin1(FORMAT_VERSION));
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    /** Pickle's opcodes for an object of the class with its one attribute: {@code training = True}. */
    private static byte[] module(String name) {
        return latin1("\u0080\u0002" + "c__torch__\n" + name + "\n" + ")\u0081" + "}(X\b\0\0\0training\u0088u" + "b.");
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(FOLDER + name);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
