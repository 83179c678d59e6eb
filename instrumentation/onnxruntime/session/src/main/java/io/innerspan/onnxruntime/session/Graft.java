package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal.Reason;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The graft of one session. Until it is certified, and for good once it has failed, the original
 * model answers; in between the grafted one does, and its reading goes with the answer.
 */
final class Graft {
  private final GraftedSession session;
  private final ObservedModel model;
  private final OriginalSession original;
  private final ModelCopy copy;
  private final OutputMask mask;
  private final int inputs;
  private final ReentrantLock certification = new ReentrantLock();
  private final AtomicReference<@Nullable Wanting> wanting = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> firstRun = new AtomicReference<>();
  private volatile @Nullable Future<?> certifying;
  private volatile RunMode mode;
  private volatile boolean changesBits;

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

  /** A second grafted session, used when the first one had a tap that had to go; under the lock. */
  private @Nullable GraftedSession regrafted;

  Graft(
      GraftedSession session,
      ObservedModel model,
      OriginalSession original,
      ModelCopy copy,
      OutputMask mask) {
    this.session = session;
    this.model = model;
    this.original = original;
    this.copy = copy;
    this.mask = mask;
    this.inputs = session.session().getInputNames().size();
    this.mode = this::runUntilCertified;
  }

  OutputMask mask() {
    return mask;
  }

  /** The session that the application holds. */
  GraftedSession session() {
    return session;
  }

  OriginalSession original() {
    return original;
  }

  OrtSession.Result run(RunCall call) throws OrtException {
    return mode.run(call);
  }

  /** How many inputs the session has, with ours. */
  int inputs() {
    return inputs;
  }

  /** Held by the certifier while it uses the application's session, so that closing can wait. */
  ReentrantLock certification() {
    return certification;
  }

  boolean closed() {
    return closed;
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
   * Takes a second grafted session, to be closed with this graft.
   *
   * @return false when it is too late for that: the session stays the caller's
   */
  boolean keep(GraftedSession second) {
    certification.lock();
    try {
      if (closed) {
        return false;
      }
      regrafted = second;
      return true;
    } finally {
      certification.unlock();
    }
  }

  /** From now on this session answers: it was found to give the original's bits. */
  void certified(GraftedSession grafted) throws OrtException {
    mode = call -> runGrafted(grafted, call);
    answering = grafted;
    original.release();
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

  /** The application's session was found to give other bits than the original. */
  void changesBits() {
    changesBits = true;
  }

  /** The original answers from now on. */
  void refuse(Reason reason, String detail) {
    refused = true;
    mode = this::runOriginal;
    model.notGrafted(new Refusal(reason, detail));
  }

  void close() {
    closed = true;
    live = null;
    forgetCertification();
    certification.lock();
    try {
      close(original::retire);
      close(session::release);
      GraftedSession second = regrafted;
      if (second != null) {
        close(second::release);
        close(second.session());
      }
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
    if (!mask.accepts(call)) {
      return runOriginal(call); // It knows the words for what is wrong with these outputs.
    }
    OrtSession.Result result = null;
    try {
      result =
          grafted.run(
              call.inputs, call.openGates, mask.withReading(call), call.pinned, call.options);
      return mask.split(result, call);
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
      result = original.run(call.inputs, mask.withoutReading(call), call.pinned, call.options);
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
    try {
      OrtSession.Result result = runOriginal(call);
      offerInputs(call);
      began();
      return result;
    } finally {
      if (answering
          != null) { // Meanwhile: this run may have opened again what nobody needs any more.
        close(original::release);
      }
    }
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
    if (wanted == null || (wanted.cache() != null && call.cachedTokens(wanted.cache()) <= 0)) {
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

  private OrtSession.Result runOriginal(RunCall call) throws OrtException {
    try {
      return original.run(call.inputs, mask.withoutReading(call), call.pinned, call.options);
    } catch (OriginalSession.UnavailableException unavailable) {
      return runWithoutOriginal(call, unavailable);
    }
  }

  /**
   * A graft's answer to what the original cannot be asked: of the certified one, which gives the
   * original's bits and goes on giving readings afterwards. Without one the application's own
   * session is all there is, unless it is known to give others.
   */
  private OrtSession.Result runWithoutOriginal(
      RunCall call, OriginalSession.UnavailableException unavailable) throws OrtException {
    if (answering == null && !changesBits && !closed && !refused) {
      refused = true;
      mode = this::runUncertified;
      model.notGrafted(new Refusal(Reason.NOT_CERTIFIED, String.valueOf(unavailable.getMessage())));
    }
    if (answering == null && changesBits) {
      throw new OrtException(String.valueOf(unavailable.getMessage()));
    }
    return runUncertified(call);
  }

  private OrtSession.Result runUncertified(RunCall call) throws OrtException {
    GraftedSession certain = answering;
    GraftedSession used = certain == null ? session : certain;
    try {
      return used.run(call.inputs, 0, mask.withoutReading(call), call.pinned, call.options);
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
