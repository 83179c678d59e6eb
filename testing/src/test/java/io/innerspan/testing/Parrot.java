package io.innerspan.testing;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A program that does what its arguments say, one after the other. */
final class Parrot {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] args) throws Exception {
    for (String argument : args) {
      String verb = argument.replaceFirst("=.*", "");
      String object = argument.substring(Math.min(argument.length(), verb.length() + 1));
      switch (verb) {
        case "out" -> OUT.println(object);
        case "err" -> System.err.println(object);
        case "property" -> OUT.println(System.getProperty(object));
        case "env" -> OUT.println(System.getenv(object));
        case "hook" -> Runtime.getRuntime().addShutdownHook(new Thread(() -> OUT.println(object)));
        case "echo" -> echo();
        case "nested" -> nested();
        case "exit" -> System.exit(Integer.parseInt(object));
        default -> throw new IllegalArgumentException(argument);
      }
    }
  }

  private static void echo() throws Exception {
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = input.readLine()) != null) {
      OUT.println(line);
    }
  }

  private static void nested() {
    try (ChildJvm inner =
        JvmCommand.of(Parrot.class.getName())
            .arguments("env=OTEL_SDK_DISABLED", "property=colour")
            .start()) {
      inner.awaitSuccess(Duration.ofSeconds(60));
      inner.lines(LogLine.Stream.OUT).forEach(OUT::println);
    }
  }

  private Parrot() {}
}
