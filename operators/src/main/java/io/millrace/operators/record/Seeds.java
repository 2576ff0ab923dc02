package io.millrace.operators.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Derives a sampler's seed from a request id, the same on every replay and every machine. */
public final class Seeds {
  private Seeds() {}

  public static long of(String requestId) {
    byte[] hash = Digests.sha256().digest(requestId.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(hash).getLong();
  }
}
