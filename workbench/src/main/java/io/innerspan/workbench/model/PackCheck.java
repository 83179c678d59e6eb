package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.Probe;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.GoldenReading.Deviation;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Holds packs to a model, as the agent does when an application opens that model. */
public final class PackCheck {
  private final Path file;
  private final byte[] bytes;
  private final String sha256;
  private final OnnxModel structure;

  private PackCheck(Path file, byte[] bytes, OnnxModel structure) {
    this.file = file;
    this.bytes = bytes;
    this.sha256 = Digests.sha256(ByteBuffer.wrap(bytes));
    this.structure = structure;
  }

  /**
   * Reads the model.
   *
   * @throws BadInput when it is missing or not ONNX
   */
  public static PackCheck on(Path file) {
    OnnxFile.existing(file);
    try {
      return new PackCheck(file, Files.readAllBytes(file), OnnxModel.scan(file));
    } catch (ModelRefusedException e) {
      throw BadInput.in(file, "an ONNX model", e.reason());
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    }
  }

  /**
   * Checks that a pack's probes were trained with a tokenizer; a pack that names none takes any.
   *
   * @throws BadInput when it is missing or another
   */
  public static void checkTokenizer(ProbePack pack, Path tokenizer) throws IOException {
    InputFile.existing(tokenizer);
    String found = Digests.sha256(tokenizer);
    if (pack.tokenizer() != null && !pack.tokenizer().sha256().equals(found)) {
      throw BadInput.in(
          tokenizer,
          "the tokenizer of pack " + pack.label() + ", sha256:" + pack.tokenizer().sha256(),
          "sha256:" + found);
    }
  }

  /** What is wrong with a pack on this model, one line each; empty when it would give readings. */
  public List<String> faults(ProbePack pack) {
    if (!pack.model().sha256().equals(sha256)) {
      return List.of(
          line(pack, "a model with sha256:" + pack.model().sha256(), "sha256:" + sha256));
    }
    Overlay overlay = OverlayCompiler.compile(structure, pack.signals(), Set.of());
    List<String> faults = new ArrayList<>();
    overlay
        .refusals()
        .forEach(
            (signal, refusal) ->
                faults.add(line(pack, "to read '" + signal + "'", refusal.detail())));
    if (!overlay.isEmpty()) {
      contradictions(pack, overlay, faults);
    }
    return faults;
  }

  /**
   * What a canary gave.
   *
   * @param reading of all the pack's signals
   * @param deviation from what was recorded, as the agent measures it
   */
  public record Replay(GoldenInput reading, Deviation deviation) {}

  /**
   * Replays canaries as the agent does: each alone, on one session with the pack's signals in it,
   * all gates open.
   *
   * @param architecture with whose recorded readings they are compared
   * @throws BadInput when a signal cannot be read, or the model does not take a canary
   */
  public List<Replay> replay(
      ProbePack pack, List<Canary> canaries, String architecture, Progress.Counter progress) {
    Overlay overlay = OverlayCompiler.compile(structure, pack.signals(), Set.of());
    if (overlay.isEmpty() || !overlay.refusals().isEmpty()) {
      throw new BadInput(
          line(pack, "signals that it can read", "a refusal: " + overlay.refusals()));
    }
    ReadingLayout layout = new ReadingLayout(overlay.signals());
    List<Replay> replays = new ArrayList<>();
    try (OrtModel model = new OrtModel(bytes, overlay.bytes())) {
      for (Canary canary : canaries) {
        float[] values = model.run(canary.inputs(), List.of(overlay.readingOutput())).get(0);
        GoldenInput recorded = canary.reading(architecture);
        Deviation deviation =
            recorded == null
                ? Deviation.NONE
                : GoldenReading.deviation(
                    recorded, layout, values, values.length / layout.columns());
        replays.add(new Replay(reading(canary, layout, values), deviation));
        progress.add(1);
      }
    } catch (OrtException e) {
      throw OrtFailure.of(file, e);
    }
    return replays;
  }

  /**
   * Replays a pack's canaries, and compares them with what is recorded on an architecture. For a
   * pack without {@link #faults}.
   */
  public CanaryCheck canaries(ProbePack pack, String architecture) {
    List<Canary> recorded =
        pack.canaries().stream().filter(canary -> canary.reading(architecture) != null).toList();
    int unrecorded = pack.canaries().size() - recorded.size();
    List<String> moved = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    if (!recorded.isEmpty()) {
      Progress silent = new Progress(new PrintWriter(Writer.nullWriter()));
      try {
        List<Replay> replays =
            replay(pack, recorded, architecture, silent.count("canaries", recorded.size()));
        for (int i = 0; i < replays.size(); i++) {
          Deviation deviation = replays.get(i).deviation();
          if (deviation.isContradiction()) {
            String id = recorded.get(i).id();
            moved.add(id);
            faults.add(
                line(
                    pack,
                    "what canary '" + id + "' gave on " + architecture,
                    "another reading: " + deviation));
          }
        }
      } catch (BadInput e) {
        faults.add(line(pack, "a model that takes its canaries", String.valueOf(e.getMessage())));
      }
    }
    return new CanaryCheck(architecture, recorded.size(), unrecorded, moved, faults);
  }

  private GoldenInput reading(Canary canary, ReadingLayout layout, float[] values) {
    int rows = values.length / layout.columns();
    Map<String, Tensor> logits = new TreeMap<>();
    Map<String, Tensor> others = new TreeMap<>();
    for (int index = 0; index < layout.size(); index++) {
      Signal signal = layout.signal(index);
      boolean probe = signal instanceof Probe;
      int width = probe ? 1 : signal.columnNames().size(); // A probe's logit comes first.
      float[] own = new float[rows * width];
      for (int row = 0; row < rows; row++) {
        int at = row * layout.columns() + layout.firstColumn(index);
        System.arraycopy(values, at, own, row * width, width);
      }
      if (probe) {
        logits.put(signal.id(), Tensor.ofFloats(own));
      } else if (width > 0) {
        others.put(signal.id(), Tensor.ofFloats(own, rows, width));
      }
    }
    try {
      return new GoldenInput(canary.inputs(), logits, others);
    } catch (IllegalArgumentException e) {
      throw new BadInput(file + ": canary '" + canary.id() + "': " + e.getMessage());
    }
  }

  private void contradictions(ProbePack pack, Overlay overlay, List<String> faults) {
    ReadingLayout layout = new ReadingLayout(overlay.signals());
    try (OrtModel model = new OrtModel(bytes, overlay.bytes())) {
      for (int i = 0; i < pack.goldenInputs().size(); i++) {
        GoldenInput golden = pack.goldenInputs().get(i);
        float[] reading = model.run(golden.inputs(), List.of(overlay.readingOutput())).get(0);
        int rows = reading.length / layout.columns();
        GoldenReading.Contradiction found =
            GoldenReading.contradiction(golden, layout, reading, rows);
        if (found != null) {
          String expected =
              "the " + found.expected() + " of golden input " + i + ", " + found.where();
          faults.add(line(pack, expected, found.found()));
        }
      }
    } catch (OrtException e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      faults.add(line(pack, "a model that runs its golden inputs", message));
    }
  }

  private String line(ProbePack pack, String expected, String actual) {
    return "pack " + pack.label() + " on " + file + ": expected " + expected + ", found " + actual;
  }
}
