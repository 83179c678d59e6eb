package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal.Reason;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The graft of one session. Until it is certified, and for good once it has failed, the original
 * model answers, which is the application's own session; in between a grafted one does, and its
 * reading goes with the answer.
 */
final class Graft {
  private final ObservedModel model;
  private final OriginalSession original;
  private final ModelCopy copy;
  private final OutputMask mask;
  private final ReentrantLock certification = new ReentrantLock();
  private final AtomicReference<@Nullable Wanting> wanting = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> firstRun = new AtomicReference<>();
  private volatile @Nullable Future<?> certifying;
  private volatile RunMode mode;

  /** The one that was certified; null before. */
  private volatile @Nullable GraftedSession answering;

  private volatile boolean refused;
  private volatile boolean closed;

  /**
   * Who waits for what the application puts in.
   *
   * @param cache where a run must have cached tokens, or null where any will do
   */
  private record Wanting(Consumer<@Nullable ModelInput> consumer, @Nullable CacheInput cache) {}

  /** Kept for those who hold it weakly. */
  private volatile @Nullable LiveModel live;

  /** The grafted session that is being certified or answers; under the lock. */
  private @Nullable GraftedSession kept;

  /**
   * @param original the session that the application holds
   * @param copy what the graft is opened from, the graft's own from now on
   */
  Graft(ObservedModel model, OriginalSession original, ModelCopy copy, OutputMask mask) {
    this.model = model;
    this.original = original;
    this.copy = copy;
    this.mask = mask;
    this.mode = this::runUntilCertified;
  }

  OutputMask mask() {
    return mask;
  }

  OriginalSession original() {
    return original;
  }

  OrtSession.Result run(RunCall call) throws OrtException {
    return mode.run(call);
  }

  /** Held by whoever uses the grafted session for us, so that closing can wait. */
  ReentrantLock certification() {
    return certification;
  }

  boolean closed() {
    return closed;
  }

  /** Whether the original answers for good. */
  boolean refused() {
    return refused;
  }

  /** Whether inferences are answered by the graft. */
  boolean answers() {
    return answering != null && !refused;
  }

  /** Keeps what reads for us on the session that answers, as long as the application has it. */
  void keep(LiveModel reader) {
    live = reader;
    model.live(reader);
  }

  /**
   * Takes a grafted session, to be closed with this graft, in place of the one before.
   *
   * @return false when it is too late for that: the session stays the caller's
   */
  boolean keep(GraftedSession next) {
    certification.lock();
    try {
      if (closed) {
        return false;
      }
      closeKept();
      kept = next;
      return true;
    } finally {
      certification.unlock();
    }
  }

  private void closeKept() {
    GraftedSession before = kept;
    kept = null;
    if (before != null) {
      close(before::release);
      close(before.session());
    }
  }

  /**
   * From now on this session answers: it was found to give the original's bits.
   *
   * @return false when it is too late for that
   */
  boolean certified(GraftedSession grafted) throws OrtException {
    certification.lock();
    try {
      if (closed || refused) {
        return false;
      }
      model.certified(); // Told first: whatever the first grafted run brings comes after it.
      mode = call -> runGrafted(grafted, call);
      answering = grafted;
      firstRun.set(null);
    } finally {
      certification.unlock();
    }
    original.release();
    return true;
  }

  /** A run of the original may have kept it open, or opened it again, that nobody needs. */
  void ranBeside() {
    if (answers()) {
      close(original::release);
    }
  }

  /**
   * Says what certifies it.
   *
   * @param begin begins that without waiting for it; called at the end of the application's first
   *     run
   */
  void certifiedBy(Future<?> work, Runnable begin) {
    certifying = work;
    firstRun.set(begin);
  }

  /** The original answers from now on. */
  void refuse(Reason reason, String detail) {
    refused = true;
    mode = this::runOriginal;
    firstRun.set(null);
    model.notGrafted(new Refusal(reason, detail));
    if (answering == null) { // Else other runs may be using it.
      discard();
    }
  }

  void close() {
    closed = true;
    live = null;
    forgetCertification();
    discard();
  }

  private void discard() {
    certification.lock();
    try {
      closeKept();
      close(copy);
    } finally {
      certification.unlock();
    }
  }

  /** Where it still waits to begin, nothing of this graft shall be held until then. */
  private void forgetCertification() {
    firstRun.set(null);
    Future<?> work = certifying;
    if (work != null) {
      work.cancel(false);
    }
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Throwable fault) {
      Faults.report("close", fault);
    }
  }

  private OrtSession.Result runGrafted(GraftedSession grafted, RunCall call) throws OrtException {
    boolean reads = grafted.gates().read(call.openGates);
    // The original knows the words for what is wrong with outputs.
    if (!mask.accepts(call) || (reads && call.isEmpty())) {
      return runOriginalAlone(call);
    }
    OrtSession.Result result = null;
    try {
      Set<String> requested = reads ? mask.withReading(call) : call.requested;
      result = grafted.run(call.inputs, call.openGates, requested, call.pinned, call.options);
      return reads ? mask.split(result, call) : result;
    } catch (OrtException | RuntimeException | Error failure) {
      if (isTermination(call, failure)) {
        throw failure;
      }
      return fallBack(call, result, failure);
    }
  }

  /** Whether the application itself ended the run: it waits for that, and not for an answer. */
  private static boolean isTermination(RunCall call, Throwable failure) {
    return call.options != null
        && failure instanceof OrtException
        && String.valueOf(failure.getMessage()).contains("terminate flag");
  }

  /**
   * Asks the original what it makes of a call that failed on the graft. Where it answers, the graft
   * is at fault and is not used again; where it fails too, the call itself is at fault.
   */
  private OrtSession.Result fallBack(
      RunCall call, OrtSession.@Nullable Result partial, Throwable failure) throws OrtException {
    if (partial != null) {
      close(partial);
    }
    OrtSession.Result result;
    try {
      result = original.run(call.inputs, call.requested, call.pinned, call.options);
    } catch (OriginalSession.UnavailableException unavailable) {
      Faults.report("run", unavailable);
      throw rethrow(failure);
    }
    refuse(Reason.RUN_FAILED, "a run failed on the graft and not on the original: " + failure);
    return result;
  }

  /**
   * Hands on, once, what the application puts into a run that succeeds; null when that is of a type
   * that cannot be copied.
   *
   * @param cache where a run must have cached tokens, or null where any run will do
   */
  void wantInputs(@Nullable CacheInput cache, Consumer<@Nullable ModelInput> consumer) {
    wanting.set(new Wanting(consumer, cache));
  }

  private OrtSession.Result runUntilCertified(RunCall call) throws OrtException {
    OrtSession.Result result = runOriginalAlone(call);
    offerInputs(call);
    began();
    return result;
  }

  private void began() {
    Runnable work = firstRun.get() == null ? null : firstRun.getAndSet(null);
    if (work == null) {
      return;
    }
    try {
      work.run();
    } catch (Throwable fault) { // Such as a thread that could not be started.
      Faults.report("certify", fault);
    }
  }

  private void offerInputs(RunCall call) {
    Wanting wanted = wanting.get();
    if (wanted == null
        || call.isEmpty()
        || (wanted.cache() != null && call.cachedTokens(wanted.cache()) <= 0)) {
      return;
    }
    try {
      ModelInput copy = InputCopy.of(call.inputs);
      if (copy == null && InputCopy.takes(call.inputs)) {
        return; // Too large; others may be smaller.
      }
      if (wanting.compareAndSet(wanted, null)) {
        wanted.consumer().accept(copy);
      }
    } catch (Throwable fault) {
      Faults.report("certify", fault);
    }
  }

  /** Leaves no original open beside a graft that answers. */
  private OrtSession.Result runOriginalAlone(RunCall call) throws OrtException {
    try {
      return runOriginal(call);
    } finally {
      ranBeside();
    }
  }

  private OrtSession.Result runOriginal(RunCall call) throws OrtException {
    try {
      return original.run(call.inputs, call.requested, call.pinned, call.options);
    } catch (OriginalSession.UnavailableException unavailable) {
      return runWithoutOriginal(call, unavailable);
    }
  }

  /**
   * The certified graft's answer to what the original cannot be asked: it gives the original's
   * bits, and goes on giving readings afterwards.
   */
  private OrtSession.Result runWithoutOriginal(
      RunCall call, OriginalSession.UnavailableException unavailable) throws OrtException {
    GraftedSession certain = answering;
    if (certain == null) { // The application closes it just now.
      throw new IllegalStateException(String.valueOf(unavailable.getMessage()));
    }
    if (call.isEmpty() && certain.gates().read(0)) {
      Faults.report("run", unavailable);
      throw new OrtException(String.valueOf(unavailable.getMessage()));
    }
    try {
      return certain.run(call.inputs, 0, call.requested, call.pinned, call.options);
    } catch (OrtException failure) {
      throw mask.hide(failure);
    }
  }

  private static OrtException rethrow(Throwable failure) {
    if (failure instanceof OrtException ort) {
      return ort;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }
}
