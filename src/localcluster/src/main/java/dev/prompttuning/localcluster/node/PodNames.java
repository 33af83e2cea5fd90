package dev.prompttuning.localcluster.node;

import java.util.concurrent.ThreadLocalRandom;

/** Names of pods that controllers make: the owner's name and five characters, as {@code generateName} gives. */
final class PodNames {

    // No vowels: random names spell no words.
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    private static final int LONGEST = 63;

    private PodNames() {}

    static String random(String owner) {
        var suffix = new StringBuilder("-");
        for (int i = 0; i < SUFFIX; i++) {
            suffix.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return owner.substring(0, Math.min(owner.length(), LONGEST - suffix.length())) + suffix;
    }

    /** A short name for a content, which {@code kubectl} shows as a pod template hash. */
    static String hash(String content) {
        var value = Integer.toUnsignedLong(content.hashCode()) ^ ((long) content.length() << 32);
        return Long.toString(value, 36);
    }
}
