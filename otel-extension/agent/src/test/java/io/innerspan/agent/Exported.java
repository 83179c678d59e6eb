package io.innerspan.agent;

import io.innerspan.testing.OtlpReceiver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Every byte that came over OTLP, for tests that look for what must not be there. */
final class Exported {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Exported(OtlpReceiver receiver) {
    receiver.onRequest(this::add);
  }

  private synchronized void add(byte[] request) {
    bytes.writeBytes(request);
  }

  /** Bytes as characters: what is not ASCII is not readable, and what is ASCII is. */
  synchronized String text() {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}
