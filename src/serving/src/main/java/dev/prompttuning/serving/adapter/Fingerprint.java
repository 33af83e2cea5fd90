package dev.prompttuning.serving.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tells cheaply whether an adapter's files were replaced: their sizes and times of change. */
record Fingerprint(List<String> files) {
    private static final List<String> NAMES = List.of(
            "adapter_config.json",
            "adapter_model.safetensors",
            "adapter_model.bin",
            "provenance.json",
            "lora/adapter_config.json",
            "lora/adapter_model.safetensors");

    static Fingerprint of(Path folder) {
        return new Fingerprint(
                NAMES.stream().map(name -> of(folder.resolve(name), name)).toList());
    }

    private static String of(Path file, String name) {
        try {
            return name + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return name;
        }
    }
}
