package io.innerspan.onnxruntime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.NativeWork;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Proves, away from the application's threads, that a grafted session gives the original's outputs
 * bit by bit, and has the packs prove themselves on it. A tap that changes a bit is dropped.
 */
final class Certifier implements Runnable {
  /** There is nothing left to certify: the session was closed, the graft refused, the JVM ends. */
  private static final class ClosedException extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final OrtEnvironment environment;
  private final ObservedModel model;
  private final Graft graft;
  private final ModelCopy copy;
  private final OptionsFactory options;
  private final GraftOverlay overlay;
  private final Executor executor;
  private final Runnable afterwards;

  /** The inputs that the original was found to take. */
  private final Set<ModelInput> taken = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Of the model, once it is known. */
  private volatile @Nullable String digest;

  /** The session that is certified, once it is open. */
  private volatile @Nullable GraftedSession opened;

  /**
   * @param executor where certification goes on when it had to wait for inputs
   * @param afterwards to be done once it is decided
   */
  Certifier(
      OrtEnvironment environment,
      ObservedModel model,
      Graft graft,
      ModelCopy copy,
      OptionsFactory options,
      GraftOverlay overlay,
      Executor executor,
      Runnable afterwards) {
    this.environment = environment;
    this.model = model;
    this.graft = graft;
    this.copy = copy;
    this.options = options;
    this.overlay = overlay;
    this.executor = executor;
    this.afterwards = afterwards;
  }

  /**
   * Accepts the graft where it was certified beforehand for this very model: then it answers from
   * now on, and nothing is left to run.
   *
   * @return whether nothing is left to run
   */
  boolean accepted() {
    guarded(
        () -> {
          String sha256 = copy.sha256();
          tell(sha256);
          if (sha256.equals(model.certifiedDigest())) {
            natively(
                () -> {
                  accept(session());
                  afterwards.run();
                });
          }
        });
    return graft.answers() || gone();
  }

  @Override
  public void run() {
    guarded(
        () -> {
          if (digest == null) {
            tell(copy.sha256());
          }
          natively(this::certify);
        });
  }

  private void tell(String sha256) {
    digest = sha256;
    model.digest(sha256);
  }

  private void accept(GraftedSession certified) throws OrtException, ClosedException {
    if (!graft.certified(certified)) {
      throw new ClosedException();
    }
    model.answering();
    graft.keep(new LiveGraft(environment, graft, certified, overlay.readingOutput()));
  }

  private interface Work {
    void run() throws Exception;
  }

  private void guarded(Work work) {
    boolean entered = Bypass.enter();
    try {
      work.run();
    } catch (ClosedException e) {
      // Nothing to say: the model is gone.
    } catch (Throwable e) {
      if (!gone()) { // Closing takes away what certification works with.
        if (e instanceof RuntimeException || e instanceof Error) {
          Faults.report("certify", e);
        }
        graft.refuse(Reason.NOT_CERTIFIED, "certification failed: " + e);
      }
    } finally {
      Bypass.exit(entered);
    }
  }

  private static void natively(Work work) throws Exception {
    if (!NativeWork.begin()) {
      throw new ClosedException();
    }
    try {
      work.run();
    } finally {
      NativeWork.end();
    }
  }

  /** The grafted session, which is opened now if it was not. */
  private GraftedSession session() throws OrtException, IOException, ClosedException {
    GraftedSession session = opened;
    if (session != null) {
      return session;
    }
    try {
      session = open(overlay);
    } catch (OrtException refusal) {
      if (!gone()) {
        graft.refuse(Reason.ENGINE_REFUSED, String.valueOf(refusal.getMessage()));
      }
      throw new ClosedException();
    }
    keep(session);
    opened = session;
    return session;
  }

  private void keep(GraftedSession session) throws OrtException, ClosedException {
    if (!graft.keep(session)) {
      close(session);
      throw new ClosedException();
    }
  }

  private void certify() throws Exception {
    session();
    List<ModelInput> golden = model.goldenInputs();
    List<ModelInput> inputs = new ArrayList<>(golden);
    inputs.addAll(SyntheticInputs.of(inputInfo(), overlay.maskInput(), model.inputSizes(), golden));
    if (!certify(golden, inputs)) {
      wantInputs(golden, inputs);
    }
  }

  /**
   * What the application itself puts in is what the model takes. Where it can go on with a text,
   * one of its inputs must: other kernels work on a step of a generation than on its beginning.
   */
  private void wantInputs(List<ModelInput> golden, List<ModelInput> tried) {
    List<ModelInput> begun = tried.stream().filter(taken::contains).toList();
    graft.wantInputs(
        begun.isEmpty() ? null : model.cacheInput(),
        input ->
            executor.execute(
                () -> guarded(() -> natively(() -> certifyWith(golden, begun, input)))));
  }

  private void certifyWith(
      List<ModelInput> golden, List<ModelInput> begun, @Nullable ModelInput input)
      throws Exception {
    List<ModelInput> inputs = new ArrayList<>(begun);
    if (input != null) {
      inputs.add(input);
    }
    if (certify(golden, inputs)) {
      return;
    }
    if (input != null && taken.contains(input)) {
      wantInputs(golden, inputs); // The beginning of a text.
      return;
    }
    graft.refuse(Reason.NOT_CERTIFIED, "the original accepts none of the inputs that were tried");
    afterwards.run();
  }

  /** Returns false when nothing could be compared, or nothing that goes on with a text. */
  private boolean certify(List<ModelInput> golden, List<ModelInput> inputs) throws Exception {
    Comparison comparison = compare(session(), inputs);
    taken.addAll(comparison.inputs());
    boolean differs = comparison.unsteady() || comparison.difference() != null;
    if (!differs && comparison.inputs().stream().noneMatch(this::goesOn)) {
      return false;
    }
    decide(comparison, golden, inputs);
    afterwards.run();
    return true;
  }

  /** Whether an input goes on with a text, where the model can. */
  private boolean goesOn(ModelInput input) {
    CacheInput cache = model.cacheInput();
    return cache == null
        || input.tensors().stream()
            .anyMatch(
                tensor ->
                    tensor.name().equals(cache.name()) && tensor.shape()[cache.lengthAxis()] > 0);
  }

  private void decide(Comparison comparison, List<ModelInput> golden, List<ModelInput> inputs)
      throws Exception {
    if (comparison.unsteady()) {
      graft.refuse(Reason.NOT_CERTIFIED, "the original does not repeat its own outputs");
      return;
    }
    if (comparison.difference() == null) {
      GraftedSession session = session();
      readGolden(session, overlay, golden);
      model.compared(comparison.inputs());
      accept(session);
      return;
    }
    regraft(golden, inputs, comparison.difference());
  }

  /** Finds the taps that change bits, and grafts anew without them. */
  private void regraft(List<ModelInput> golden, List<ModelInput> inputs, String difference)
      throws Exception {
    Set<String> guilty = new HashSet<>();
    for (String tap : overlay.taps()) {
      Set<String> others = new HashSet<>(overlay.taps());
      others.remove(tap);
      GraftOverlay alone = model.overlayWithout(others);
      if (alone == null) {
        continue;
      }
      String changed;
      GraftedSession trial = open(alone);
      try {
        changed = compare(trial, inputs).difference();
      } finally {
        close(trial);
      }
      if (changed != null) {
        guilty.add(tap);
        model.tapDropped(tap, new Refusal(Reason.OUTPUT_CHANGED, changed));
      }
    }
    GraftOverlay rest = guilty.isEmpty() ? null : model.overlayWithout(guilty);
    if (rest == null) {
      graft.refuse(Reason.OUTPUT_CHANGED, difference);
      return;
    }
    GraftedSession second = open(rest);
    keep(second);
    Comparison again = compare(second, inputs);
    String left = again.difference();
    if (left != null) {
      graft.refuse(Reason.OUTPUT_CHANGED, left);
      return;
    }
    readGolden(second, rest, golden);
    model.compared(again.inputs());
    accept(second);
  }

  private boolean gone() {
    return graft.closed() || graft.refused() || NativeWork.stopping();
  }

  private static void close(GraftedSession trial) throws OrtException {
    trial.release();
    trial.session().close();
  }

  private Collection<NodeInfo> inputInfo() throws OrtException, ClosedException {
    if (gone()) {
      throw new ClosedException();
    }
    return graft.original().ask(OrtSession::getInputInfo, SessionDescription::inputInfo).values();
  }

  private GraftedSession open(GraftOverlay trial)
      throws OrtException, IOException, ClosedException {
    if (gone()) {
      throw new ClosedException();
    }
    copy.graft(trial.bytes());
    try (OrtSession.SessionOptions made = options.create()) {
      return grafted(environment.createSession(copy.path(), made), trial);
    } catch (OrtException | RuntimeException e) {
      copy.truncate();
      throw e;
    }
  }

  private GraftedSession grafted(OrtSession session, GraftOverlay trial)
      throws OrtException, IOException {
    boolean complete = false;
    try {
      copy.truncate(); // Fails when the application has closed its session meanwhile.
      GraftedSession grafted = GraftedSession.of(environment, session, trial);
      complete = true;
      return grafted;
    } finally {
      if (!complete) {
        session.close();
      }
    }
  }

  /**
   * @param inputs those that the original accepts, up to the first difference
   * @param unsteady whether the original itself gave different bits in two runs
   * @param difference the first difference between original and graft, or null
   */
  private record Comparison(
      List<ModelInput> inputs, boolean unsteady, @Nullable String difference) {}

  private Comparison compare(GraftedSession grafted, List<ModelInput> inputs) throws Exception {
    List<ModelInput> compared = new ArrayList<>();
    for (ModelInput input : inputs) {
      try (Inputs made = made(input)) {
        if (made == null) {
          continue;
        }
        OrtSession.Result expected = original(made);
        if (expected == null) {
          continue;
        }
        try (expected;
            OrtSession.Result again = original(made)) {
          if (again == null || OutputBits.difference(expected, again) != null) {
            return new Comparison(compared, true, null);
          }
          compared.add(input);
          String difference = difference(expected, grafted, made);
          if (difference != null) {
            return new Comparison(compared, false, difference);
          }
        }
      }
    }
    return new Comparison(compared, false, null);
  }

  /** Returns null for inputs that this version has no tensors for, such as empty ones. */
  private @Nullable Inputs made(ModelInput input) {
    try {
      return Inputs.of(environment, input);
    } catch (OrtException | RuntimeException e) {
      return null;
    }
  }

  private @Nullable String difference(
      OrtSession.Result expected, GraftedSession grafted, Inputs inputs) throws ClosedException {
    // With all signals, with those of most inferences, and with as few as there can be: each is a
    // graph of its own.
    GateInputs gates = grafted.gates();
    for (long open : new TreeSet<>(List.of(gates.all(), gates.standing(), 0L))) {
      String difference = difference(expected, grafted, inputs, open);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private @Nullable String difference(
      OrtSession.Result expected, GraftedSession grafted, Inputs inputs, long openGates)
      throws ClosedException {
    try (OrtSession.Result actual = runGrafted(grafted, inputs, openGates)) {
      return OutputBits.difference(expected, actual);
    } catch (OrtException e) {
      return "the graft fails where the original does not: " + e.getMessage();
    }
  }

  private OrtSession.@Nullable Result original(Inputs inputs)
      throws ClosedException, OriginalSession.UnavailableException {
    if (gone()) {
      throw new ClosedException();
    }
    try {
      return graft.original().run(inputs.tensors(), graft.mask().applicationOutputs(), null, null);
    } catch (OrtException e) {
      return null; // The original does not take this input: it says nothing about the graft.
    }
  }

  private OrtSession.Result runGrafted(GraftedSession grafted, Inputs inputs, long openGates)
      throws OrtException, ClosedException {
    graft.certification().lock();
    try {
      if (gone()) {
        throw new ClosedException();
      }
      return grafted.run(inputs.tensors(), openGates);
    } finally {
      graft.certification().unlock();
    }
  }

  private void readGolden(GraftedSession grafted, GraftOverlay read, List<ModelInput> golden)
      throws ClosedException {
    for (int i = 0; i < golden.size(); i++) {
      try (Inputs inputs = Inputs.of(environment, golden.get(i));
          OrtSession.Result result = runGrafted(grafted, inputs, grafted.gates().all())) {
        OnnxTensor reading =
            (OnnxTensor) result.get(read.readingOutput()).orElseThrow(IllegalStateException::new);
        int rows = Math.toIntExact(reading.getInfo().getShape()[0]);
        model.goldenReading(i, reading.getFloatBuffer().array(), rows);
      } catch (OrtException e) {
        model.goldenFailed(i, String.valueOf(e.getMessage()));
      }
    }
  }
}
