package io.innerspan.extension.canary;

import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.Platform;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replays the canaries of all sessions: one daemon thread of low priority, begun with the first
 * session that has canaries and ended with the last. Thread-safe.
 *
 * <p>Not a {@code ThreadPoolExecutor}: classes of {@code java.util.concurrent} that are loaded
 * before the agent installs its transformers would have to be retransformed.
 */
public final class Canaries {
  static final String THREAD = "innerspan-canaries";

  private final CanarySettings settings;
  private final Consumer<Throwable> faults;
  private @Nullable String architecture;

  /** Guarded by this. */
  private final List<CanarySuite> arrived = new ArrayList<>();

  private boolean running;

  /**
   * @param faults told of faults of our own
   */
  public Canaries(CanarySettings settings, Consumer<Throwable> faults) {
    this.settings = settings;
    this.faults = faults;
  }

  /**
   * Replays the canaries of packs from now on, until the session is closed or forgotten.
   *
   * @param model what to call the model in messages
   * @param layout what the columns of its readings mean
   */
  public void watch(
      String model,
      List<ProbePack> packs,
      ReadingLayout layout,
      LiveModel live,
      ModelTelemetry telemetry) {
    List<CanarySuite.OfPack> canaries = new ArrayList<>();
    for (ProbePack pack : packs) {
      pack.canaries().forEach(canary -> canaries.add(new CanarySuite.OfPack(canary, pack)));
    }
    if (canaries.isEmpty() || !settings.isOn()) {
      return;
    }
    begin(
        new CanarySuite(
            canaries,
            layout,
            live,
            new CanaryTold(model, telemetry),
            settings,
            architecture(),
            System::nanoTime,
            Canaries::input));
  }

  private static ModelInput input(Canary canary) {
    List<ModelInput.Tensor> tensors = new ArrayList<>();
    for (Map.Entry<String, Tensor> entry : canary.inputs().entrySet()) {
      Tensor tensor = entry.getValue();
      tensors.add(
          new ModelInput.Tensor(
              entry.getKey(), tensor.dtype().name(), tensor.shape(), tensor.data()));
    }
    return new ModelInput(tensors);
  }

  private synchronized String architecture() {
    if (architecture == null) {
      architecture = Platform.current().architecture();
    }
    return architecture;
  }

  private synchronized void begin(CanarySuite suite) {
    arrived.add(suite);
    if (!running) {
      start();
      running = true; // After it: a thread that could not be started is tried again.
    }
    notifyAll();
  }

  @SuppressWarnings("ThreadPriorityCheck") // The application's threads go first.
  private void start() {
    Thread thread = new Thread(null, this::run, THREAD, 0, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.setContextClassLoader(null);
    thread.start();
  }

  private void run() {
    List<CanarySuite> suites = new ArrayList<>();
    try {
      while (take(suites)) {
        sleep(stepAll(suites));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        running = false;
      }
    }
  }

  /** Returns false when there is nothing left to do. */
  private synchronized boolean take(List<CanarySuite> suites) {
    suites.addAll(arrived);
    arrived.clear();
    running = !suites.isEmpty();
    return running;
  }

  private long stepAll(List<CanarySuite> suites) {
    long due = Long.MAX_VALUE;
    for (Iterator<CanarySuite> all = suites.iterator(); all.hasNext(); ) {
      long left = step(all.next());
      if (left == CanarySuite.OVER) {
        all.remove();
      } else {
        due = Math.min(due, left);
      }
    }
    return suites.isEmpty() ? 0 : due;
  }

  private long step(CanarySuite suite) {
    try {
      return suite.step();
    } catch (Throwable e) { // Of this session nothing more is replayed.
      faults.accept(e);
      return CanarySuite.OVER;
    }
  }

  private synchronized void sleep(long nanos) throws InterruptedException {
    if (arrived.isEmpty() && nanos > 0) {
      // Rounded up, or the last fraction would be spent awake.
      wait(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }
  }
}
