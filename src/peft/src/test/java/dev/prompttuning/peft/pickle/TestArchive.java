package dev.prompttuning.peft.pickle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The entries of a PyTorch file, to write again with changes. */
record TestArchive(Map<String, byte[]> entries) {

    static TestArchive of(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
                entries.put(name, zip.getInputStream(entry).readAllBytes());
            }
        }
        return new TestArchive(entries);
    }

    byte[] entry(String name) {
        return entries.get(name).clone();
    }

    TestArchive with(String name, byte[] bytes) {
        Map<String, byte[]> changed = new LinkedHashMap<>(entries);
        changed.put(name, bytes);
        return new TestArchive(changed);
    }

    TestArchive without(String name) {
        Map<String, byte[]> changed = new LinkedHashMap<>(entries);
        changed.remove(name);
        return new TestArchive(changed);
    }

    Path write(Path file) throws IOException {
        return write(file, ZipEntry.STORED);
    }

    Path writeCompressed(Path file) throws IOException {
        return write(file, ZipEntry.DEFLATED);
    }

    private Path write(Path file, int method) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> source : entries.entrySet()) {
                ZipEntry entry = new ZipEntry("archive/" + source.getKey());
                entry.setMethod(method);
                CRC32 crc = new CRC32();
                crc.update(source.getValue());
                entry.setCrc(crc.getValue());
                entry.setSize(source.getValue().length);
                zip.putNextEntry(entry);
                zip.write(source.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }
}
