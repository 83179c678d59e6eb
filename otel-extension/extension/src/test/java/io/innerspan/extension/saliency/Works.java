package io.innerspan.extension.saliency;

import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Work that does something. */
record Works(long bytes, Callable<?> what) implements SaliencyWork {
  static final Saliency SALIENCY =
      new Saliency("occlusion", 0, 1, "zero", true, new double[] {0.25, -2, 1}, 3, 1, 0.125);

  /** That does nothing more. */
  static Works nothing() {
    return new Works(1, () -> 0);
  }

  static Works failing(Throwable failure) {
    return new Works(
        1,
        () -> {
          if (failure instanceof Error error) {
            throw error;
          }
          throw (Exception) failure;
        });
  }

  /** Waits until all is done, and the thread that did it has ended. */
  static void drain(ModelSaliency model) throws InterruptedException {
    CompletableFuture<Thread> last = new CompletableFuture<>();
    model.explain(new Works(0, () -> last.complete(Thread.currentThread())));
    last.join().join();
  }

  @Override
  public Saliency explain(String method, String baseline, SaliencyMemory memory) throws Exception {
    what.call();
    return SALIENCY;
  }
}
