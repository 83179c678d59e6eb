package io.innerspan.benchmarks.application;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Opens a session when it is told to on standard input and prints how long that took and the most
 * memory that was resident; at the next line the same memory again. Then it opens a second one in
 * place of the first, now that all code was used once, prints how long that took, and ends.
 */
public final class SessionOpening {
  /** What it says before it opens. */
  public static final String READY = "ready";

  /**
   * Opens a model.
   *
   * @param arguments {@code path}, {@code bytes} or {@code buffer}, and the model's file
   */
  public static void main(String[] arguments) throws Exception {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    OrtEnvironment environment = OrtEnvironment.getEnvironment(); // Loads the native library.
    Path model = Path.of(arguments[1]);
    byte[] bytes = arguments[0].equals("bytes") ? Files.readAllBytes(model) : null;
    ByteBuffer buffer = arguments[0].equals("buffer") ? read(model) : null;
    System.out.println(READY);
    commands.readLine();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      long begin = System.nanoTime();
      OrtSession first = open(environment, model, bytes, buffer, options);
      long nanos = System.nanoTime() - begin;
      System.out.println(nanos + " " + peakBytes());
      commands.readLine();
      System.out.println(peakBytes());
      first.close();
      begin = System.nanoTime();
      OrtSession second = open(environment, model, bytes, buffer, options);
      System.out.println(System.nanoTime() - begin);
      second.close();
    }
  }

  private static OrtSession open(
      OrtEnvironment environment,
      Path model,
      byte @Nullable [] bytes,
      @Nullable ByteBuffer buffer,
      OrtSession.SessionOptions options)
      throws OrtException {
    if (bytes != null) {
      return environment.createSession(bytes, options);
    }
    return buffer == null
        ? environment.createSession(model.toString(), options)
        : environment.createSession(buffer, options);
  }

  private static ByteBuffer read(Path model) throws IOException {
    try (FileChannel channel = FileChannel.open(model)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(Math.toIntExact(channel.size()));
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw new EOFException(model.toString());
        }
      }
      return buffer.flip();
    }
  }

  private static long peakBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("expected VmHWM in /proc/self/status, found none");
  }

  private SessionOpening() {}
}
