package io.innerspan.workbench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command in a JVM of its own. */
final class ChildJvm {
  /**
   * Starts it.
   *
   * @param out where its standard output goes; its standard error is the caller's to read
   * @param options of the JVM
   */
  static Process start(Path out, List<String> options, Object... arguments) throws IOException {
    return withClassPath(command(options, arguments)).redirectOutput(out.toFile()).start();
  }

  /** The command line of the command. */
  static List<String> command(List<String> options, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dai.djl.offline=true");
    command.add(Innerspan.class.getName());
    for (Object argument : arguments) {
      command.add(String.valueOf(argument));
    }
    return command;
  }

  /** A process that finds the tests' classes. */
  static ProcessBuilder withClassPath(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not as an argument: with a command line of several kilobytes ONNX Runtime crashes.
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    return builder;
  }

  private ChildJvm() {}
}
