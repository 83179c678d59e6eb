package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
    InputFile.existing(file);
    try {
      return new PackCheck(file, Files.readAllBytes(file), OnnxModel.scan(file));
    } catch (ModelRefusedException e) {
      throw BadInput.in(file, "an ONNX model", e.reason());
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
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
