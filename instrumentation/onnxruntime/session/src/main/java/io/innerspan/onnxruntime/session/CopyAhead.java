package io.innerspan.onnxruntime.session;

import io.opentelemetry.javaagent.innerspan.bridge.ModelObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The private copy of a model, begun while what is to be appended to it is still compiled. Used by
 * one thread after the other: who observes the model begins it, who prepares the graft takes and
 * closes it. From then on nobody reads what the application handed over.
 */
final class CopyAhead implements AutoCloseable {
  private final ModelSource source;
  private final Path folder;
  private final Executor executor;
  private final ModelObserver observer;
  private @Nullable HeadStart<ModelCopy> copying;
  private volatile boolean abandoned;

  /**
   * @param folder where most copies lie
   * @param executor whose thread copies, if it has nothing else to do
   * @param observer told of faults that cost nothing but time
   */
  CopyAhead(ModelSource source, Path folder, Executor executor, ModelObserver observer) {
    this.source = source;
    this.folder = folder;
    this.executor = executor;
    this.observer = observer;
  }

  /** A copy will most likely be needed. */
  void begin() {
    if (copying == null) {
      copying = HeadStart.of(this::copy, executor, observer);
    }
  }

  /** The copy in the given folder, which stays this object's to be taken or discarded. */
  ModelCopy made() throws IOException {
    begin();
    return Objects.requireNonNull(copying).result();
  }

  private ModelCopy copy() throws IOException {
    if (abandoned) {
      throw new CancellationException();
    }
    return ModelCopy.create(source, folder);
  }

  /**
   * The copy, which is the caller's from now on; made now if it was not begun.
   *
   * @param where the folder in which the copy must lie
   */
  ModelCopy take(Path where) throws IOException {
    HeadStart<ModelCopy> begun = copying;
    if (begun == null || !where.equals(folder)) {
      return ModelCopy.create(source, where);
    }
    copying = null;
    return begun.result();
  }

  /** Discards a copy that nobody took, and waits until it is. */
  @Override
  public void close() {
    abandoned = true;
    HeadStart<ModelCopy> begun = copying;
    copying = null;
    if (begun == null) {
      return;
    }
    try (ModelCopy unused = begun.result()) {
      // It was not needed.
    } catch (CancellationException e) {
      // It was not even begun.
    } catch (Throwable fault) {
      Faults.report(observer, "open", fault);
    }
  }
}
