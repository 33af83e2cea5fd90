package dev.prompttuning.transformers.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class S3SignatureTest {
    private static final S3Access.Credentials CREDENTIALS = new S3Access.Credentials(
            "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Optional.empty());

    /** The example "GET Object" of AWS' description of the signature. */
    @Test
    void signsAsInAwsDocumentation() {
        Clock clock = Clock.fixed(Instant.parse("2013-05-24T00:00:00Z"), ZoneOffset.UTC);
        Map<String, String> headers = new S3Signature(CREDENTIALS, "us-east-1", clock)
                .headers(URI.create("https://examplebucket.s3.amazonaws.com/test.txt"), Map.of("Range", "bytes=0-9"));
        assertEquals(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
                headers.get("Authorization"));
        assertEquals("20130524T000000Z", headers.get("x-amz-date"));
    }

    @Test
    void findsBuckets() {
        S3Access aws = S3Access.of(Map.of("AWS_REGION", "eu-west-1"));
        assertEquals(
                URI.create("https://rows.s3.eu-west-1.amazonaws.com/a/b%20%C3%BC%2B.csv"),
                aws.http(URI.create("s3://rows/a/b%20ü+.csv")));
        assertEquals(
                URI.create("https://s3.eu-west-1.amazonaws.com/my.rows/a"), aws.http(URI.create("s3://my.rows/a")));
        S3Access own = S3Access.of(Map.of("AWS_ENDPOINT_URL", "http://minio:9000/", "AWS_DEFAULT_REGION", "x"));
        assertEquals(URI.create("http://minio:9000/my_rows/a"), own.http(URI.create("s3://my_rows/a")));
        assertEquals("x", own.region());
    }

    @Test
    void tellsNoSecret() {
        assertFalse(CREDENTIALS.toString().contains("bPxRfi"));
    }
}
