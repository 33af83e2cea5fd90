package dev.prompttuning.transformers.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Tells from what a server says of a file whether what arrived is that file. */
@FunctionalInterface
interface ContentCheck {
    /** For servers whose entity tags may be anything. */
    ContentCheck NONE = (reply, file) -> true;

    /** The hub's tags name the content. */
    ContentCheck HUB = (reply, file) ->
            reply.etag().isEmpty() || Checksum.agrees(reply.etag().get(), file);

    /** S3's tags are MD5 sums of objects that came in one part and have no key of their own. */
    ContentCheck S3 = (reply, file) -> {
        Optional<String> sum = reply.etag().filter(tag -> tag.matches("[0-9a-f]{32}"));
        boolean ownKey = reply.header("x-amz-server-side-encryption")
                        .filter(kind -> kind.startsWith("aws:"))
                        .isPresent()
                || reply.header("x-amz-server-side-encryption-customer-algorithm")
                        .isPresent();
        return sum.isEmpty() || ownKey || sum.get().equals(Checksum.md5(file));
    };

    boolean agrees(HttpReply reply, Path file) throws IOException;
}
