package io.innerspan.agent.app;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.trace.Tracer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Emits what it is told to on its standard input: {@code span NAME}, {@code log BODY}, {@code
 * finding ID} or {@code metric NAME}; {@code halt} ends it as a kill does.
 */
final class DeliveryApp {
  public static void main(String[] arguments) throws Exception {
    Tracer tracer = GlobalOpenTelemetry.getTracer("app");
    Logger logger = GlobalOpenTelemetry.get().getLogsBridge().get("app");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("open");
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ", 2);
      switch (words[0]) {
        case "span" -> tracer.spanBuilder(words[1]).startSpan().end();
        case "log" -> logger.logRecordBuilder().setBody(words[1]).emit();
        case "finding" ->
            logger
                .logRecordBuilder()
                .setEventName("innerspan.finding")
                .setAttribute("innerspan.finding.id", words[1])
                .emit();
        case "metric" ->
            GlobalOpenTelemetry.getMeter("app").counterBuilder(words[1]).build().add(1);
        case "halt" -> Runtime.getRuntime().halt(9);
        default -> throw new IllegalArgumentException(line);
      }
      System.out.println("did " + line);
    }
    System.out.println("done");
  }

  private DeliveryApp() {}
}
