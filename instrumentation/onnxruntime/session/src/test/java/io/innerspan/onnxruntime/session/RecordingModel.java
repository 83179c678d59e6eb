package io.innerspan.onnxruntime.session;

import io.innerspan.onnxruntime.graft.Gating;
import io.innerspan.onnxruntime.graft.InputSizes;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.Signal;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.ModelObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ModelOpening;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A telemetry side that grafts given signals and remembers all it is told. */
final class RecordingModel implements ModelObserver, ObservedModel {
  /** Bytes appended to an overlay as long as a tap is in it, to do harm. */
  record Harm(String tap, byte[] bytes) {}

  final List<float[]> readings = new CopyOnWriteArrayList<>();
  final List<Refusal> refusals = new CopyOnWriteArrayList<>();
  final List<String> droppedTaps = new CopyOnWriteArrayList<>();
  final List<Throwable> faults = new CopyOnWriteArrayList<>();
  final List<Throwable> failures = new CopyOnWriteArrayList<>();
  final List<Long> batchSizes = new CopyOnWriteArrayList<>();
  final List<Long> cachedTokens = new CopyOnWriteArrayList<>();
  final List<float[]> goldenReadings = new CopyOnWriteArrayList<>();
  final List<String> goldenFailures = new CopyOnWriteArrayList<>();
  volatile @Nullable String digest;
  volatile boolean certified;
  volatile @Nullable LiveModel live;
  volatile boolean closed;
  final AtomicInteger closings = new AtomicInteger();
  List<ModelInput> golden = List.of();
  byte @Nullable [] skeleton;
  @Nullable String certifiedDigest;
  volatile List<ModelInput> compared = List.of();
  volatile @Nullable ModelOpening opening;
  @Nullable CacheInput cacheInput;
  @Nullable ExplainedInferences saliency;
  boolean sizesKnown = true;
  boolean faulty;
  @Nullable Error error;
  Runnable onTapDropped = () -> {};
  Runnable onCertified = () -> {};
  Gating gating = Gating.NONE;
  volatile long openGates;

  /** The signals in the order of the reading's columns. */
  volatile List<Signal> columns = List.of();

  private final OnnxModel model;
  private final List<Signal> signals;
  private final @Nullable Harm harm;

  RecordingModel(byte[] bytes, List<Signal> signals, @Nullable Harm harm) throws Exception {
    this.model = OnnxModel.scan(ByteBuffer.wrap(bytes));
    this.signals = signals;
    this.harm = harm;
  }

  @Override
  public ObservedModel observe(ModelOpening opening) {
    fail();
    this.opening = opening;
    return this;
  }

  @Override
  public ObservedModel observe(ModelOpening opening, Runnable graftLikely) {
    graftLikely.run();
    return observe(opening);
  }

  @Override
  public void fault(String place, Throwable fault) {
    faults.add(fault);
  }

  @Override
  public @Nullable ExplainedInferences saliency() {
    return saliency;
  }

  @Override
  public byte @Nullable [] skeleton() {
    return skeleton;
  }

  @Override
  public @Nullable GraftOverlay overlay() {
    return overlayWithout(Set.of());
  }

  @Override
  public @Nullable GraftOverlay overlayWithout(Set<String> dropped) {
    Overlay overlay = OverlayCompiler.compile(model, signals, new HashSet<>(dropped), gating);
    if (overlay.isEmpty()) {
      return null;
    }
    columns = overlay.signals();
    byte[] bytes = overlay.bytes();
    if (harm != null && overlay.taps().contains(harm.tap())) {
      bytes = concatenate(bytes, harm.bytes());
    }
    return new GraftOverlay(
        bytes,
        overlay.readingOutput(),
        overlay.gateCount() == 0 ? null : OverlayCompiler.GATES,
        overlay.gateCount(),
        overlay.standingGates(),
        overlay.readsAlways(),
        overlay.signals().size() + 1,
        overlay.taps(),
        model.maskInput(),
        model.externalData());
  }

  static byte[] concatenate(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Override
  public void tapDropped(String tap, Refusal refusal) {
    droppedTaps.add(tap);
    onTapDropped.run();
  }

  @Override
  public void notGrafted(Refusal refusal) {
    refusals.add(refusal);
  }

  @Override
  public void digest(String sha256) {
    digest = sha256;
  }

  @Override
  public List<ModelInput> goldenInputs() {
    return golden;
  }

  @Override
  public void goldenReading(int index, float[] reading, int rows) {
    goldenReadings.add(reading);
  }

  @Override
  public void goldenFailed(int index, String detail) {
    goldenFailures.add(detail);
  }

  @Override
  public @Nullable String certifiedDigest() {
    return certifiedDigest;
  }

  @Override
  public void compared(List<ModelInput> inputs) {
    compared = inputs;
  }

  @Override
  public void certified() {
    certified = true;
    onCertified.run();
  }

  @Override
  public void answering() {}

  @Override
  public void live(LiveModel session) {
    live = session;
  }

  @Override
  public @Nullable CacheInput cacheInput() {
    return cacheInput;
  }

  @Override
  public Map<String, List<String>> inputSizes() {
    return sizesKnown ? InputSizes.of(model) : Map.of();
  }

  @Override
  public Inference start(long batchSize, long elements, long cachedTokens) {
    fail();
    this.cachedTokens.add(cachedTokens);
    batchSizes.add(batchSize);
    long open = openGates;
    return new Inference() {
      @Override
      public long openGates() {
        return open;
      }

      @Override
      public void end(float @Nullable [] reading, int rows, @Nullable Throwable failure) {
        if (reading != null) {
          readings.add(reading);
        }
        if (failure != null) {
          failures.add(failure);
        }
      }
    };
  }

  private void fail() {
    if (error != null) {
      throw error;
    }
    if (faulty) {
      throw new IllegalStateException("a fault of ours");
    }
  }

  @Override
  public void closed() {
    closed = true;
    closings.incrementAndGet();
  }

  List<Refusal.Reason> reasons() {
    List<Refusal.Reason> reasons = new ArrayList<>();
    refusals.forEach(refusal -> reasons.add(refusal.reason()));
    return reasons;
  }
}
