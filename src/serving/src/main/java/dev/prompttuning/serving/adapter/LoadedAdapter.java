package dev.prompttuning.serving.adapter;

import dev.prompttuning.serving.engine.Prefix;
import java.time.Instant;

/**
 * An adapter ready to serve.
 *
 * @param prefix its keys and values, made once
 * @param digest of its files
 */
public record LoadedAdapter(AdapterSource source, Prefix prefix, String digest, Instant loaded) {}
