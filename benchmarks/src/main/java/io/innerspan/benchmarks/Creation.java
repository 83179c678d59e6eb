package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.SessionOpening;
import io.innerspan.signals.pack.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long opening a session takes and how much memory, in a JVM of its own each time: in
 * pairs, in random order, with the plain upstream agent and with Innerspan.
 */
final class Creation {
  private static final double MILLIS = 1e-6;
  private static final double MEGA = 1e-6;
  private static final long SEED = 20_261_121;

  /** What ONNX Runtime and the application hold of a model at the same time, at the most. */
  private static final int COPIES = 6;

  /** From here on memory and disk are looked at first. */
  private static final int LARGE_MEGABYTES = 400;

  private enum Side {
    PLAIN,
    AGAIN,
    OURS
  }

  private final Installation installation;
  private final Random random = new Random(SEED);

  Creation(Installation installation) {
    this.installation = installation;
  }

  /**
   * Measures one case after the other.
   *
   * @param listener told each cell as soon as it is measured: the whole takes long
   */
  List<CreationCell> measure(CreationPlan plan, Consumer<CreationCell> listener) throws Exception {
    List<CreationCell> cells = new ArrayList<>();
    for (CreationCase what : plan.cases()) {
      String obstacle = obstacle(what.model().megabytes());
      if (obstacle != null) {
        Progress.say(what + " is left out: " + obstacle);
        continue;
      }
      CreationCell cell = measure(what);
      listener.accept(cell);
      cells.add(cell);
    }
    return cells;
  }

  private CreationCell measure(CreationCase what) throws Exception {
    Path folder = installation.target().resolve("models");
    Path model = what.model().write(folder);
    Path pack = folder.resolve(what.model().name() + "-" + what.probes());
    if (!Files.exists(pack)) {
      RandomPack.write(
          pack,
          model,
          what.model().name(),
          RandomProbes.of(what.probes(), what.model().layers(), what.model().width()),
          Sampling.AUTO,
          GeneratedModel::inputs);
    }
    List<CreationSample> plain = new ArrayList<>();
    List<CreationSample> again = new ArrayList<>();
    List<CreationSample> ours = new ArrayList<>();
    for (int round = 1; round <= what.rounds(); round++) {
      Progress.say(what + ": round " + round + " of " + what.rounds());
      List<Side> order = new ArrayList<>(List.of(Side.values()));
      if (!what.mode().equals("path") || what.probes() != CreationPlan.PROBES) {
        order.remove(Side.AGAIN); // The noise of one mode says enough.
      }
      Collections.shuffle(order, random);
      for (Side side : order) {
        CreationSample sample = open(what, side, model, pack);
        switch (side) {
          case PLAIN -> plain.add(sample);
          case AGAIN -> again.add(sample);
          case OURS -> ours.add(sample);
        }
      }
    }
    return new CreationCell(what, plain, again, ours);
  }

  private CreationSample open(CreationCase what, Side side, Path model, Path pack)
      throws IOException, InterruptedException {
    Child child =
        new Child(
            side.name(),
            installation.command(
                what.onnxRuntime(),
                jvmArguments(what, side, pack),
                SessionOpening.class,
                what.mode(),
                model.toString()));
    try (child) {
      child.await(SessionOpening.READY);
      if (side == Side.OURS) {
        child.awaitPacks();
      }
      long begin = System.nanoTime();
      child.send("open");
      String[] opened = child.receive().split(" ");
      double readingsOn = Double.NaN;
      if (side == Side.OURS) {
        child.awaitReadings();
        readingsOn = (System.nanoTime() - begin) * MILLIS;
      }
      child.send("end");
      double peakAfter = Long.parseLong(child.receive()) * MEGA;
      return new CreationSample(
          Long.parseLong(child.receive()) * MILLIS,
          Long.parseLong(opened[0]) * MILLIS,
          Long.parseLong(opened[1]) * MEGA,
          peakAfter,
          readingsOn);
    }
  }

  private List<String> jvmArguments(CreationCase what, Side side, Path pack) {
    boolean ours = side == Side.OURS;
    List<String> arguments = new ArrayList<>();
    arguments.add("-Xmx" + (1_024 + what.model().megabytes() * 3 / 2) + "m");
    arguments.add(
        "-javaagent:" + (ours ? installation.innerspanAgent() : installation.upstreamAgent()));
    // Nothing else of either agent: it is not what is measured, and takes seconds to start.
    arguments.add("-Dotel.instrumentation.common.default-enabled=false");
    for (String signal : List.of("traces", "metrics", "logs")) {
      arguments.add("-Dotel." + signal + ".exporter=none");
    }
    if (ours) {
      arguments.add("-Dotel.instrumentation.innerspan.enabled=true");
      arguments.add("-Dotel.instrumentation.innerspan.packs=" + pack);
    }
    return arguments;
  }

  /** Why a model of this size cannot be measured here, or null. */
  private @Nullable String obstacle(int megabytes) throws IOException {
    if (megabytes < LARGE_MEGABYTES) {
      return null;
    }
    double disk =
        Math.min(
            Files.getFileStore(installation.target()).getUsableSpace(),
            Files.getFileStore(Path.of(System.getProperty("java.io.tmpdir"))).getUsableSpace());
    if (disk * MEGA < 3.0 * megabytes) {
      return "expected " + 3 * megabytes + " MB of disk, found " + Math.round(disk * MEGA);
    }
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemAvailable:")) {
        double available = Long.parseLong(line.replaceAll("\\D", "")) * 1024 * MEGA;
        return available < (double) COPIES * megabytes
            ? "expected " + COPIES * megabytes + " MB of memory, found " + Math.round(available)
            : null;
      }
    }
    return "this system does not say how much memory is available";
  }
}
