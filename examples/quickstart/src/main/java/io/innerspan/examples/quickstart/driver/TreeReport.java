package io.innerspan.examples.quickstart.driver;

import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.ReceivedSpan;
import java.io.PrintStream;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Prints each trace as a tree, and how to send the same elsewhere. */
final class TreeReport implements Report {
  private final PrintStream out;
  private final Palette palette;
  private final Installation installation;

  TreeReport(PrintStream out, Palette palette, Installation installation) {
    this.out = out;
    this.palette = palette;
    this.installation = installation;
  }

  @Override
  public void started(String address, long pid) {
    out.println();
    out.println(installation.example().title() + ", unchanged, at " + address + ", process " + pid);
    out.println("under " + installation.agent().getFileName() + ":");
  }

  @Override
  public void trace(SentText sent, List<ReceivedSpan> spans) {
    out.println();
    out.println(palette.bold(Printable.quoted(sent.text())));
    out.println(palette.faint("trace " + sent.traceId()));
    TraceTree.draw(spans, palette).forEach(out::println);
  }

  @Override
  public void ended(OtlpReceiver receiver) {
    TreeSet<String> metrics =
        receiver.metrics().stream()
            .map(ReceivedMetric::name)
            .filter(TreeReport::isOurs)
            .collect(Collectors.toCollection(TreeSet::new));
    TreeMap<String, Long> events =
        receiver.logs().stream()
            .map(ReceivedLog::eventName)
            .filter(TreeReport::isOurs)
            .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    if (!metrics.isEmpty()) {
      out.println();
      out.println("Metrics that came as well: " + String.join(", ", metrics));
    }
    events.forEach((name, count) -> out.println("Events that came as well: " + count + " " + name));
    out.println(elsewhere());
  }

  private String elsewhere() {
    return """

        To see these traces in Jaeger, or at any OTLP endpoint, start the service yourself:

          OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 OTEL_EXPORTER_OTLP_PROTOCOL=grpc \\
          OTEL_SERVICE_NAME={name} \\
          java -javaagent:{agent} \\
            -Dotel.instrumentation.innerspan.packs={packs} \\
            -jar {service} {arguments}

          curl --data 'some text' http://127.0.0.1:8080{path}"""
        .replace("{name}", installation.example().serviceName())
        .replace("{path}", installation.example().path())
        .replace("{agent}", installation.agent().toString())
        .replace("{packs}", installation.packs().toString())
        .replace("{service}", installation.service().toString())
        .replace("{arguments}", String.join(" ", installation.arguments("8080")));
  }

  private static boolean isOurs(String name) {
    return name.startsWith("innerspan.");
  }
}
