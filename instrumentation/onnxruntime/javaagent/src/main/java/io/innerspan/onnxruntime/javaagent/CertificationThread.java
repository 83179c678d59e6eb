package io.innerspan.onnxruntime.javaagent;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One daemon thread, begun when there is work and ended soon after, so that it keeps neither the
 * JVM nor the application's class loader alive.
 */
final class CertificationThread implements Executor {
  private static final long IDLE_SECONDS = 2;

  private final ThreadPoolExecutor executor;

  CertificationThread() {
    executor =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    executor.allowCoreThreadTimeOut(true);
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(null, work, "innerspan-certification", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  @Override
  public void execute(Runnable work) {
    executor.execute(work);
  }
}
