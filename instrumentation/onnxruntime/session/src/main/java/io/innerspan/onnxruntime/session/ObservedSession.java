package io.innerspan.onnxruntime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.session.OriginalSession.Question;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An application's session, observed: each run is an inference, and where the model is grafted the
 * graft's reading goes with it. The application sees what it would see without us. Thread-safe.
 *
 * <p>The session itself is opened just as the application asked. While a graft answers in its stead
 * it is closed, so that the model is in memory once: then only this object may be asked.
 */
public final class ObservedSession {
  private static final Inference UNOBSERVED = (reading, rows, failure) -> {};

  private final OrtSession session;
  private final OriginalSession original;
  private final HeadStart<Observation> observing;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ReentrantLock closing = new ReentrantLock();
  private volatile @Nullable Observation observation;
  private volatile @Nullable HeadStart<Boolean> preparing;
  private volatile @Nullable HeadStart<Boolean> accepting;
  private volatile @Nullable Graft graft;

  /** Whether there will never be a graft: the application's session is all there is. */
  private volatile boolean plain;

  /** Whether runs wait for nothing. */
  private volatile boolean ready;

  /**
   * Who is told of a session.
   *
   * @param model null when it could not be observed
   */
  record Observation(@Nullable ObservedModel model, @Nullable SessionSamples samples) {}

  /**
   * @param session as the application opened it
   * @param original the same
   * @param observing what comes of looking at its model
   */
  ObservedSession(OrtSession session, OriginalSession original, HeadStart<Observation> observing) {
    this.session = session;
    this.original = original;
    this.observing = observing;
  }

  /** The session that the application holds. */
  public OrtSession session() {
    return session;
  }

  /** Whether the application closed the session: from then on only the session itself answers. */
  public boolean closed() {
    return closed.get();
  }

  /** What prepares the graft, if there is to be one. */
  void preparedBy(HeadStart<Boolean> preparation) {
    preparing = preparation;
  }

  /** What opens a graft that was certified beforehand: runs wait for it. */
  void acceptedBy(HeadStart<Boolean> acceptance) {
    accepting = acceptance;
  }

  /**
   * From now on runs go by this graft.
   *
   * @return false when the session is closed
   */
  boolean graft(Graft made) {
    closing.lock();
    try {
      if (closed()) {
        return false;
      }
      graft = made;
      return true;
    } finally {
      closing.unlock();
    }
  }

  /** There will be no graft. */
  void notGrafted() {
    plain = true;
  }

  /** What came of looking at the model, which is waited for. */
  Observation observation() {
    Observation known = observation;
    if (known == null) {
      try {
        known = result(observing);
      } catch (Throwable fault) {
        Faults.report("open", fault);
        known = new Observation(null, null);
      }
      observation = known;
    }
    return known;
  }

  private static <T> T result(HeadStart<T> begun) {
    try {
      return begun.result();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs the model as {@code OrtSession.run} would.
   *
   * @param pinned the outputs that the application allocated, or null where there is no such call
   */
  public OrtSession.Result run(
      Map<String, OnnxTensor> inputs,
      Set<String> requested,
      @Nullable Map<String, OnnxValue> pinned,
      OrtSession.@Nullable RunOptions options)
      throws OrtException {
    RunCall call = new RunCall(inputs, requested, pinned, options);
    Observation known = observation();
    awaitCertifiedGraft(known);
    Inference inference = start(known, call);
    Throwable failure = null;
    boolean entered = Bypass.enter();
    try {
      OrtSession.Result result = answer(call);
      sample(known, inputs, result);
      return result;
    } catch (OrtException | RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      Bypass.exit(entered);
      end(inference, call, failure);
    }
  }

  /** A graft that was certified beforehand answers from the first run on. */
  private void awaitCertifiedGraft(Observation known) {
    if (ready) {
      return;
    }
    try {
      HeadStart<Boolean> preparation = preparing;
      if (known.model() != null && known.model().certifiedDigest() != null && preparation != null) {
        result(preparation);
        HeadStart<Boolean> acceptance = accepting;
        if (acceptance != null) {
          result(acceptance);
        }
      }
    } catch (Throwable fault) {
      Faults.report("open", fault);
    }
    ready = true;
    preparing = null;
    accepting = null;
  }

  private OrtSession.Result answer(RunCall call) throws OrtException {
    if (plain) {
      return OrtApi.run(session, call.inputs, call.requested, call.pinned, call.options);
    }
    Graft grafted = graft;
    if (grafted != null) {
      return grafted.run(call);
    }
    try {
      return original.run(call.inputs, call.requested, call.pinned, call.options);
    } catch (OriginalSession.UnavailableException e) {
      Graft meanwhile = graft;
      if (meanwhile == null) {
        throw new IllegalStateException(e); // The application closes it just now.
      }
      return meanwhile.run(call);
    } finally {
      Graft meanwhile = graft;
      if (meanwhile != null) {
        meanwhile.ranBeside();
      }
    }
  }

  private static Inference start(Observation known, RunCall call) {
    ObservedModel model = known.model();
    if (model == null) {
      return UNOBSERVED;
    }
    try {
      Inference inference =
          model.start(call.batchSize(), call.elements(), call.cachedTokens(model.cacheInput()));
      call.openGates = inference.openGates();
      return inference;
    } catch (Throwable fault) {
      Faults.report("run", fault);
      return UNOBSERVED;
    }
  }

  private static void sample(
      Observation known, Map<String, OnnxTensor> inputs, OrtSession.Result result) {
    SessionSamples samples = known.samples();
    if (samples == null) {
      return;
    }
    try {
      samples.take(inputs, result);
    } catch (Throwable fault) {
      Faults.report("saliency", fault);
    }
  }

  private static void end(Inference inference, RunCall call, @Nullable Throwable failure) {
    try {
      inference.end(call.reading, call.rows, failure);
    } catch (Throwable fault) {
      Faults.report("run", fault);
    }
  }

  /** As {@code OrtSession.getInputNames}. */
  public Set<String> inputNames() throws OrtException {
    return ask(OrtSession::getInputNames, SessionDescription::inputNames);
  }

  /** As {@code OrtSession.getOutputNames}. */
  public Set<String> outputNames() throws OrtException {
    return ask(OrtSession::getOutputNames, SessionDescription::outputNames);
  }

  /** As {@code OrtSession.getNumInputs}. */
  public long numInputs() throws OrtException {
    return ask(OrtSession::getNumInputs, description -> (long) description.inputNames().size());
  }

  /** As {@code OrtSession.getNumOutputs}. */
  public long numOutputs() throws OrtException {
    return ask(OrtSession::getNumOutputs, description -> (long) description.outputNames().size());
  }

  /** As {@code OrtSession.getInputInfo}. */
  public Map<String, NodeInfo> inputInfo() throws OrtException {
    return ask(OrtSession::getInputInfo, SessionDescription::inputInfo);
  }

  /** As {@code OrtSession.getOutputInfo}. */
  public Map<String, NodeInfo> outputInfo() throws OrtException {
    return ask(OrtSession::getOutputInfo, SessionDescription::outputInfo);
  }

  /** As {@code OrtSession.getMetadata}. */
  public OnnxModelMetadata metadata() throws OrtException {
    return ask(OrtSession::getMetadata, SessionDescription::metadata);
  }

  /** As {@code OrtSession.getProfilingStartTimeInNs}. */
  public long profilingStart() throws OrtException {
    return ask(OrtSession::getProfilingStartTimeInNs, SessionDescription::profilingStart);
  }

  /** As {@code OrtSession.endProfiling}; a session that is profiled has no graft. */
  public String endProfiling() throws OrtException {
    return ask(OrtSession::endProfiling, description -> "");
  }

  private <T> T ask(Question<T> question, Function<SessionDescription, T> later)
      throws OrtException {
    boolean entered = Bypass.enter();
    try {
      return original.ask(question, later);
    } finally {
      Bypass.exit(entered);
    }
  }

  /**
   * Ends the observation: called before the application's close reaches the session. Waits for our
   * own use of the session to end, at most one run, also when another thread closes it just now.
   *
   * @return whether the session itself is closed already, and must not be closed again
   */
  public boolean close() {
    closing.lock();
    try {
      return closed.compareAndSet(false, true) && closeOnce();
    } finally {
      closing.unlock();
    }
  }

  private boolean closeOnce() {
    Graft grafted = graft;
    if (grafted != null) {
      guarded(grafted::close);
    }
    boolean gone = retired();
    Observation known = observation();
    if (known.samples() != null) {
      guarded(known.samples()::close);
    }
    if (known.model() != null) {
      guarded(known.model()::closed);
    }
    return gone;
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (Throwable fault) {
      Faults.report("close", fault);
    }
  }

  private boolean retired() {
    boolean entered = Bypass.enter();
    try {
      return original.retire();
    } catch (OrtException | RuntimeException | Error fault) {
      Faults.report("close", fault);
      return original.isClosedEarly();
    } finally {
      Bypass.exit(entered);
    }
  }
}
