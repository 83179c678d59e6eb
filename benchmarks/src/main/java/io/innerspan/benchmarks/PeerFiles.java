package io.innerspan.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.benchmarks.application.MiniLm;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What both engines read: the model, the grafted model, the pack, and what ONNX Runtime gives. */
final class PeerFiles {
  private static final int ROWS = 3;
  private static final int TOKENS = 24;
  private static final int[] FIRST = {0, 0, 17};
  private static final int[] LAST = {23, 15, 23};
  private static final int SMALLEST_ID = 1_000;
  private static final int LARGEST_ID = 30_000;

  private final Path model;
  private final Path folder;
  private final PeerSignals signals;

  PeerFiles(Installation installation, PeerSignals signals) {
    this(installation.model(), installation.target().resolve("peer"), signals);
  }

  /**
   * @param model all-MiniLM-L6-v2
   * @param folder of the files of all signals
   */
  PeerFiles(Path model, Path folder, PeerSignals signals) {
    this.model = model;
    this.folder = folder.resolve(signals.label());
    this.signals = signals;
  }

  /** The model with the signals in its graph; without signals the model itself. */
  Path grafted() {
    return signals.isPlain() ? model : folder.resolve("grafted.onnx");
  }

  Path pack() {
    return folder.resolve("pack");
  }

  /** Inputs with padding, with the output and the readings that ONNX Runtime gives for them. */
  Path check() {
    return folder.resolve("check.safetensors");
  }

  void write() throws IOException, ModelRefusedException, OrtException {
    Files.createDirectories(folder);
    Overlay overlay = OverlayCompiler.compile(OnnxModel.scan(model), signals.signals(), Set.of());
    if (!overlay.refusals().isEmpty()) {
      throw new IllegalStateException(
          "expected every signal to be compiled, refused: " + overlay.refusals());
    }
    if (!signals.isPlain()) {
      RandomPack.write(pack(), model, signals.signals());
      Files.copy(model, grafted(), StandardCopyOption.REPLACE_EXISTING);
      Files.write(grafted(), overlay.bytes(), StandardOpenOption.APPEND);
    }
    Files.write(check(), SafetensorsWriter.toBytes(expected(overlay), Map.of()));
  }

  private Map<String, Tensor> expected(Overlay overlay) throws OrtException {
    long[] ids = new Random(ROWS).longs(ROWS * TOKENS, SMALLEST_ID, LARGEST_ID).toArray();
    long[] mask = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      // Each row is shorter by a third than the one before.
      mask[i] = i % TOKENS < TOKENS - i / TOKENS * TOKENS / ROWS ? 1 : 0;
    }
    Map<String, Tensor> expected = new LinkedHashMap<>();
    expected.put("input_ids", Tensor.ofLongs(ids, ROWS, TOKENS));
    expected.put("attention_mask", Tensor.ofLongs(mask, ROWS, TOKENS));
    try (OnnxTensor idTensor = tensor(ids);
        OnnxTensor maskTensor = tensor(mask);
        OnnxTensor types = tensor(new long[ids.length]);
        OrtSession session = MiniLm.open(grafted().toString());
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids",
                    idTensor,
                    "attention_mask",
                    maskTensor,
                    "token_type_ids",
                    types))) {
      OnnxTensor output = (OnnxTensor) result.get(0);
      expected.put(
          "output", Tensor.ofFloats(output.getFloatBuffer().array(), output.getInfo().getShape()));
      if (!overlay.isEmpty()) {
        readings(overlay, (OnnxTensor) result.get(1), expected);
      }
    }
    return expected;
  }

  private static void readings(Overlay overlay, OnnxTensor read, Map<String, Tensor> expected) {
    ReadingLayout layout =
        new ReadingLayout(overlay.signals(), overlay.gates(), overlay.standingGates());
    float[] reading = read.getFloatBuffer().array();
    for (int signal = 0; signal < layout.size(); signal++) {
      int width = layout.width(signal);
      float[] values = new float[ROWS * width];
      for (int row = 0; row < ROWS; row++) {
        System.arraycopy(
            reading,
            row * layout.columns() + layout.firstColumn(signal),
            values,
            row * width,
            width);
      }
      expected.put("reading." + layout.signal(signal).id(), Tensor.ofFloats(values, ROWS, width));
    }
  }

  private static OnnxTensor tensor(long[] values) throws OrtException {
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), LongBuffer.wrap(values), new long[] {ROWS, TOKENS});
  }
}
