package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.PacedLoop;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.OutageProxy;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Three JVMs with Innerspan and one probe run inferences at a rate, side by side; two of them have
 * a receiver, that of the third is away. Then it is back, and what was emitted meanwhile arrives.
 * Failing inferences that come in pairs raise findings.
 */
final class Outage {
  private static final int TOKENS = 32;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int STRETCH_SECONDS = 10;
  private static final String MONITORS =
      """
      {"schema_version": "1.0", "packs": {"benchmark-probes-1": {"monitors": [{
        "id": "pairs", "kind": "spike", "incidents": ["error"], "count": %d, "seconds": 1,
        "severity": "low", "hold_seconds": 0}]}}}
      """;

  /** One JVM with its receiver. */
  private static final class Service implements AutoCloseable {
    final String name;
    final OtlpReceiver receiver = OtlpReceiver.start();
    final OutageProxy proxy = OutageProxy.to(receiver.httpEndpoint());
    final Path directory;
    final Child child;

    Service(String name, Installation installation, Path monitors) throws IOException {
      this.name = name;
      this.directory = installation.target().resolve("delivery").resolve(name);
      this.child =
          new Child(
              name,
              installation.command(
                  List.of(
                      "-Xmx256m",
                      "-javaagent:" + installation.innerspanAgent(),
                      "-Dotel.service.name=" + name,
                      "-Dotel.exporter.otlp.protocol=http/protobuf",
                      "-Dotel.exporter.otlp.endpoint=" + proxy.endpoint(),
                      "-Dotel.metric.export.interval=5000",
                      "-Dotel.instrumentation.innerspan.packs="
                          + installation.pack(Configuration.PROBES_1.label()),
                      "-Dotel.instrumentation.innerspan.monitors-file=" + monitors,
                      "-Dotel.instrumentation.innerspan.delivery-directory=" + directory),
                  PacedLoop.class,
                  installation.model().toString()));
    }

    void run(OutagePlan plan, int seconds) throws IOException {
      child.send("1 " + TOKENS + " " + plan.rate() + " " + seconds);
    }

    double[] nanos() throws IOException {
      return Arrays.stream(child.receive().split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    long spans() {
      return receiver.spans().stream()
          .filter(span -> span.name().startsWith("inference"))
          .map(ReceivedSpan::spanId)
          .distinct()
          .count();
    }

    /** Ids of findings, with repetitions. */
    List<String> findings() {
      return receiver.logs().stream()
          .filter(log -> log.eventName().equals("innerspan.finding"))
          .map(log -> String.valueOf(log.attribute("innerspan.finding.id")))
          .toList();
    }

    /** How many findings this JVM says that it has raised, by the last metrics that arrived. */
    long raised() {
      return last("innerspan.finding.raised");
    }

    /** How many items it says that it has dropped. */
    long dropped() {
      return last("innerspan.delivery.dropped");
    }

    /** When the last metrics that arrived were collected, in Unix nanoseconds. */
    long metricsAt() {
      return points("innerspan.finding.raised")
          .mapToLong(NumberDataPoint::getTimeUnixNano)
          .max()
          .orElse(0);
    }

    private long last(String counter) {
      return points(counter).mapToLong(NumberDataPoint::getAsInt).sum();
    }

    private Stream<NumberDataPoint> points(String counter) {
      List<ReceivedMetric> all =
          receiver.metrics().stream().filter(metric -> metric.name().equals(counter)).toList();
      return all.isEmpty() ? Stream.of() : all.get(all.size() - 1).numberPoints().stream();
    }

    @Override
    public void close() throws IOException {
      try (receiver;
          proxy) {
        child.close();
      }
    }
  }

  private final Installation installation;
  private final OutagePlan plan;

  Outage(Installation installation, OutagePlan plan) {
    this.installation = installation;
    this.plan = plan;
  }

  /** Figures by name. */
  Map<String, Double> measure() throws Exception {
    RandomPack.write(
        installation.pack(Configuration.PROBES_1.label()),
        installation.model(),
        RandomProbes.of(Configuration.PROBES_1.probes()));
    Path monitors =
        Files.writeString(
            installation.target().resolve("outage-monitors.json"),
            String.format(Locale.ROOT, MONITORS, PacedLoop.FAILURES));
    List<Service> services = new ArrayList<>();
    try {
      for (String name : List.of("steady", "again", "outage")) {
        services.add(new Service(name, installation, monitors));
      }
      return measure(services);
    } finally {
      for (Service service : services) {
        service.close();
      }
    }
  }

  private Map<String, Double> measure(List<Service> services) throws Exception {
    for (Service service : services) {
      service.child.await(PacedLoop.READY);
      service.child.awaitReadings();
    }
    Progress.say("warming up for " + plan.warmUp() + " s");
    runAll(services, plan.warmUp());
    Service outage = services.get(2);
    outage.proxy.away();
    Progress.say("the receiver of one is away for " + plan.seconds() + " s");
    List<double[]> nanos = runAll(services, plan.seconds());
    long ended = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    long disk = size(outage.directory);
    outage.proxy.forward();
    Progress.say("it is back");
    long back = System.nanoTime();
    long spans = plan.spans();
    outage.receiver.awaitSpans(arrived -> outage.spans() >= spans, PATIENCE);
    // The first metrics that were collected afterwards count all findings.
    outage.receiver.awaitMetrics(metrics -> outage.metricsAt() > ended, PATIENCE);
    long raised = outage.raised();
    outage.receiver.awaitLogs(logs -> new HashSet<>(outage.findings()).size() >= raised, PATIENCE);
    double drained = (System.nanoTime() - back) * 1e-9;
    Map<String, Double> figures = new LinkedHashMap<>();
    for (double percent : new double[] {50, 99}) {
      String name = "p" + (int) percent;
      figures.put(name + " with a receiver, ms", Samples.percentile(nanos.get(0), percent) / 1e6);
      put(figures, name + " A/A", ratio(nanos.get(1), nanos.get(0), percent));
      put(figures, name + " without", ratio(nanos.get(2), nanos.get(0), percent));
    }
    List<String> findings = outage.findings();
    figures.put("spans of that JVM", (double) spans);
    figures.put("spans that arrived", (double) outage.spans());
    figures.put("findings of that JVM", (double) raised);
    figures.put("findings that arrived", (double) new HashSet<>(findings).size());
    figures.put("findings that arrived, with repetitions", (double) findings.size());
    figures.put("items that were dropped", (double) outage.dropped());
    figures.put("on disk at the end of the outage, bytes", (double) disk);
    figures.put("delivered after, s", drained);
    return figures;
  }

  private static void put(Map<String, Double> figures, String name, Estimate ratio) {
    figures.put(name, ratio.value());
    figures.put(name + ", from", ratio.low());
    figures.put(name + ", to", ratio.high());
  }

  /** Of what ran side by side, resampled by stretches. */
  private Estimate ratio(double[] candidate, double[] baseline, double percent) {
    int stretch = plan.rate() * STRETCH_SECONDS;
    List<PairedRound> stretches = new ArrayList<>();
    for (int from = 0; from + stretch <= candidate.length; from += stretch) {
      stretches.add(
          new PairedRound(
              Arrays.copyOfRange(candidate, from, from + stretch),
              Arrays.copyOfRange(baseline, from, from + stretch)));
    }
    return Bootstrap.estimate(
        List.of(stretches), rounds -> PairedRound.percentileRatio(rounds, percent));
  }

  private List<double[]> runAll(List<Service> services, int seconds) throws IOException {
    for (Service service : services) {
      service.run(plan, seconds);
    }
    List<double[]> nanos = new ArrayList<>();
    for (Service service : services) {
      nanos.add(service.nanos());
    }
    return nanos;
  }

  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
