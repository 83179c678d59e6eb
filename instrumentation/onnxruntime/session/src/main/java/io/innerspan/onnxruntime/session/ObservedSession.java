package io.innerspan.onnxruntime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An application's session, observed: each run is an inference, and where the model is grafted the
 * graft's reading goes with it. The application sees what it would see without us. Thread-safe.
 */
public final class ObservedSession {
  private static final Inference UNOBSERVED = (reading, rows, failure) -> {};

  private final OrtSession session;
  private final ObservedModel model;
  private final SessionSamples samples;
  private final @Nullable Graft graft;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Observes a session whose model is as the application gave it. */
  ObservedSession(OrtSession session, ObservedModel model, SessionSamples samples) {
    this.session = session;
    this.model = model;
    this.samples = samples;
    this.graft = null;
  }

  /** Observes a grafted session. */
  ObservedSession(OrtSession session, ObservedModel model, SessionSamples samples, Graft graft) {
    this.session = session;
    this.model = model;
    this.samples = samples;
    this.graft = graft;
  }

  /** The session that the application holds. */
  public OrtSession session() {
    return session;
  }

  /** Whether the application closed the session: from then on only the session itself answers. */
  public boolean closed() {
    return closed.get();
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
    Inference inference = start(call);
    Throwable failure = null;
    boolean entered = Bypass.enter();
    try {
      OrtSession.Result result =
          graft == null ? OrtApi.run(session, inputs, requested, pinned, options) : graft.run(call);
      sample(inputs, result);
      return result;
    } catch (OrtException | RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      Bypass.exit(entered);
      end(inference, call, failure);
    }
  }

  private Inference start(RunCall call) {
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

  private void sample(Map<String, OnnxTensor> inputs, OrtSession.Result result) {
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

  /** The output names that the application may see. */
  public Set<String> outputNames(Set<String> seen) {
    return graft == null ? seen : new LinkedHashSet<>(graft.mask().applicationOutputs());
  }

  /** The number of outputs that the application may see. */
  public long numOutputs(long seen) {
    return graft == null ? seen : seen - 1;
  }

  /** The outputs' types that the application may see. */
  public Map<String, NodeInfo> outputInfo(Map<String, NodeInfo> seen) {
    if (graft != null) {
      seen.keySet().retainAll(graft.mask().applicationOutputs());
    }
    return seen;
  }

  /** The session's description that the application may see. */
  public String description(String seen) {
    if (graft == null) {
      return seen;
    }
    int outputs = graft.mask().applicationOutputs().size();
    String hidden = seen.replace("numOutputs=" + (outputs + 1), "numOutputs=" + outputs);
    if (!hidesInput()) {
      return hidden;
    }
    int inputs = graft.inputs();
    return hidden.replace("numInputs=" + inputs, "numInputs=" + (inputs - 1));
  }

  private boolean hidesInput() {
    return graft != null && graft.session().gates().present();
  }

  /** The input names that the application may see. */
  public Set<String> inputNames(Set<String> seen) {
    if (graft == null || !hidesInput()) {
      return seen;
    }
    Set<String> names = new LinkedHashSet<>(seen);
    names.remove(graft.session().gates().input());
    return names;
  }

  /** The number of inputs that the application may see. */
  public long numInputs(long seen) {
    return hidesInput() ? seen - 1 : seen;
  }

  /** The inputs' types that the application may see. */
  public Map<String, NodeInfo> inputInfo(Map<String, NodeInfo> seen) {
    if (graft != null && hidesInput()) {
      seen.remove(graft.session().gates().input());
    }
    return seen;
  }

  /**
   * Ends the observation: called before the application's close reaches the session. Waits for our
   * own use of the session to end, at most one run.
   */
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (graft != null) {
      graft.close();
    }
    samples.close();
    model.closed();
  }
}
