package io.innerspan.extension.saliency;

import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

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

  /** Waits until all that was taken before is done. */
  static void drain(ModelSaliency model) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    model.explain(
        new Works(
            0,
            () -> {
              done.countDown();
              return 0;
            }));
    done.await();
  }

  @Override
  public Saliency explain(String method, String baseline, SaliencyMemory memory) throws Exception {
    what.call();
    return SALIENCY;
  }
}
