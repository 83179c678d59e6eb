package io.innerspan.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a child JVM is to run; not thread-safe.
 *
 * <p>The child inherits this process's environment without the variables that change how a JVM or
 * an OpenTelemetry agent behaves: {@code JAVA_TOOL_OPTIONS}, {@code JDK_JAVA_OPTIONS}, {@code
 * _JAVA_OPTIONS} and all that begin with {@code OTEL_}.
 */
public final class JvmCommand {
  private static final List<String> JVM_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private final String mainClass;
  private final List<String> jvmArguments = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<Consumer<? super LogLine>> listeners = new ArrayList<>();
  private Path javaHome = Path.of(System.getProperty("java.home"));
  private String classPath = System.getProperty("java.class.path");
  private @Nullable Path directory;

  private JvmCommand(String mainClass) {
    this.mainClass = mainClass;
  }

  /** A command for the main class, with this JVM's Java home and class path. */
  public static JvmCommand of(String mainClass) {
    return new JvmCommand(mainClass);
  }

  /** Runs {@code bin/java} of another JDK. */
  public JvmCommand javaHome(Path home) {
    javaHome = home;
    return this;
  }

  /** Replaces the class path. */
  public JvmCommand classPath(List<Path> entries) {
    return classPath(
        entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
  }

  /** Replaces the class path by one in the platform's notation. */
  public JvmCommand classPath(String entries) {
    classPath = entries;
    return this;
  }

  /** Adds {@code -Dname=value}. */
  public JvmCommand property(String name, String value) {
    return jvmArgument("-D" + name + "=" + value);
  }

  /** Adds {@code -javaagent:jar}. */
  public JvmCommand agent(Path jar) {
    return jvmArgument("-javaagent:" + jar);
  }

  /** Adds an argument for the JVM, such as {@code -Xmx512m}. */
  public JvmCommand jvmArgument(String argument) {
    jvmArguments.add(argument);
    return this;
  }

  /**
   * Has the JVM collect garbage in one thread and compile simply and soon: what lives for seconds
   * ends earlier, the more so where several such JVMs share few processors.
   */
  public JvmCommand shortLived() {
    return jvmArgument("-XX:+UseSerialGC").jvmArgument("-XX:TieredStopAtLevel=1");
  }

  /**
   * Has the agent leave out the instrumentations of everything that is not ours, but for the
   * application's own telemetry and its thread pools: half of what its start takes.
   */
  public JvmCommand withoutOtherInstrumentations() {
    property("otel.instrumentation.common.default-enabled", "false");
    for (String kept : List.of("innerspan", "opentelemetry-api", "executors")) {
      property("otel.instrumentation." + kept + ".enabled", "true");
    }
    return this;
  }

  /** Adds arguments for the program. */
  public JvmCommand arguments(String... added) {
    arguments.addAll(List.of(added));
    return this;
  }

  /** Sets an environment variable. */
  public JvmCommand environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Sets the working directory. */
  public JvmCommand directory(Path path) {
    directory = path;
    return this;
  }

  /** Has every line given to the listener, on the reading thread; it must be quick. */
  public JvmCommand onLine(Consumer<? super LogLine> listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Starts the child.
   *
   * @throws UncheckedIOException when the process cannot be created
   */
  public ChildJvm start() {
    ProcessBuilder builder = new ProcessBuilder(line());
    builder.environment().keySet().removeIf(JvmCommand::changesBehaviour);
    builder.environment().putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    try {
      return new ChildJvm(mainClass, builder.start(), List.copyOf(listeners));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + mainClass + " in a child JVM", e);
    }
  }

  private List<String> line() {
    List<String> line = new ArrayList<>();
    line.add(javaHome.resolve("bin").resolve("java").toString());
    line.addAll(jvmArguments);
    line.addAll(List.of("-cp", classPath, mainClass));
    line.addAll(arguments);
    return line;
  }

  private static boolean changesBehaviour(String variable) {
    return variable.startsWith("OTEL_") || JVM_VARIABLES.contains(variable);
  }
}
