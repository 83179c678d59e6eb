package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliverySignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Stores in a test's folder, and what lies there. */
final class Stores {
  static final long BLOCK = 4096;

  static Store in(Path directory, long limit, Drops drops) {
    return new Store(directory, limit, drops, folder -> RequestFolder.create(folder, 1));
  }

  static Request request(DeliverySignal signal, String body) {
    return new Request(signal, 1, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The bodies of all requests below a directory, in the order of their names. */
  static List<String> bodies(Path directory, DeliverySignal signal) throws Exception {
    List<String> bodies = new ArrayList<>();
    for (Path file : files(directory)) {
      if (file.toString().endsWith("." + signal.value())) {
        bodies.add(new String(RequestFile.read(file), StandardCharsets.UTF_8));
      }
    }
    return bodies;
  }

  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private Stores() {}
}
