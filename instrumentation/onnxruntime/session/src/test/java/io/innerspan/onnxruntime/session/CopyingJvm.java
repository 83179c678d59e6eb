package io.innerspan.onnxruntime.session;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Another JVM that has copies in a folder, its second argument: at {@code remove} it removes those
 * that were left behind an hour ago, at {@code leave} it is killed with one of its own.
 */
final class CopyingJvm {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    if (arguments[0].equals("leave")) {
      ModelCopy.create(ModelSource.of(new byte[10]), folder);
      Runtime.getRuntime().halt(0);
    }
    StaleCopies.remove(folder, Instant.now().plus(Duration.ofHours(1)));
  }

  static void run(String what, Path folder) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                CopyingJvm.class.getName(),
                what,
                folder.toString())
            .inheritIO()
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(what + ": exit code " + process.exitValue());
    }
  }

  private CopyingJvm() {}
}
