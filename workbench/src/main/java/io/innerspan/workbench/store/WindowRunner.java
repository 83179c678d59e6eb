package io.innerspan.workbench.store;

import io.innerspan.workbench.model.ActivationSession;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.model.Workers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Runs windows of texts, a few at once, beside the thread that writes them. */
final class WindowRunner implements AutoCloseable {
  /** How many at once. */
  static final int WINDOWS = 2;

  private final ActivationSession session;
  private final List<float[]> nothing;
  private final ExecutorService threads = Workers.of(WINDOWS, "window");

  /**
   * @param session which nobody else uses meanwhile
   * @param hookPoints how many it gives
   */
  WindowRunner(ActivationSession session, int hookPoints) {
    this.session = session;
    this.nothing = Collections.nCopies(hookPoints, new float[0]);
  }

  /** A window under way. */
  record Running(Future<List<List<float[]>>> future) {
    /** By text and hook point its activations; empty for a text without tokens. */
    List<List<float[]>> await() throws IOException {
      try {
        return future.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while a model ran");
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failure) {
          throw failure;
        }
        if (e.getCause() instanceof RuntimeException fault) {
          throw fault;
        }
        throw new IllegalStateException("a model failed", e.getCause());
      }
    }
  }

  /** Begins a window. */
  Running start(List<TokenIds> tokens) {
    return new Running(threads.submit(() -> run(tokens)));
  }

  private List<List<float[]>> run(List<TokenIds> tokens) throws IOException {
    List<List<float[]>> values = new ArrayList<>(Collections.nCopies(tokens.size(), nothing));
    List<Integer> full = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).length() > 0) {
        full.add(i);
      }
    }
    session.visit(
        full.stream().map(tokens::get).toList(),
        (text, activations) -> values.set(full.get(text), activations));
    return values;
  }

  /** Waits for what is under way. */
  @Override
  public void close() {
    Workers.end(threads);
  }
}
