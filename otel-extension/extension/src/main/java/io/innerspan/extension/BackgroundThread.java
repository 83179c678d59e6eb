package io.innerspan.extension;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One daemon thread of low priority, begun when there is work and ended soon after. */
final class BackgroundThread implements Executor {
  private static final long IDLE_SECONDS = 2;

  private final ThreadPoolExecutor executor;

  BackgroundThread() {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            BackgroundThread::thread);
    executor.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(null, work, "innerspan-background", 0, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.setContextClassLoader(null);
    return thread;
  }

  @Override
  public void execute(Runnable work) {
    executor.execute(work);
  }
}
