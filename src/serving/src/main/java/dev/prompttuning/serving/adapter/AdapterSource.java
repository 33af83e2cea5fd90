package dev.prompttuning.serving.adapter;

import java.nio.file.Path;

/**
 * An adapter that is wanted.
 *
 * @param name what clients call it
 * @param path its folder, in PEFT's layout
 */
public record AdapterSource(String name, Path path) {}
