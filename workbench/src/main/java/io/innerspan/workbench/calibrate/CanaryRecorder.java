package io.innerspan.workbench.calibrate;

import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.GoldenReading.Deviation;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.PackCheck;
import io.innerspan.workbench.model.TextTokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records what a pack's signals give for its canaries, those that it has and those that are added.
 */
public final class CanaryRecorder {
  private static final int ID_DIGITS = 12;

  private final CanaryOptions options;
  private final Progress progress;

  /**
   * @param options what is recorded
   * @param progress where to tell how far it is
   */
  public CanaryRecorder(CanaryOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Records and writes a new pack.
   *
   * @throws BadInput when something that the user gave cannot be used
   */
  public RecordedCanaries run() throws IOException {
    if (options.out() != null) {
      InputFile.emptyDirectory(options.out());
    }
    CanaryOptions.Texts wanted = options.texts();
    ProbePack pack = read();
    Map<String, CanaryKind> texts = wanted == null ? Map.of() : CanaryTexts.read(wanted);
    if (wanted == null && pack.canaries().isEmpty()) {
      throw BadInput.in(options.pack(), "canaries to record, or --data to make them of", "none");
    }
    if (wanted != null) {
      PackCheck.checkTokenizer(pack, wanted.tokenizer());
    }
    PackCheck model = PackCheck.on(options.model());
    List<String> faults = model.faults(pack);
    if (!faults.isEmpty()) {
      throw new BadInput(faults.get(0));
    }
    List<Canary> canaries = wanted == null ? pack.canaries() : withTexts(pack, wanted, texts);
    Map<String, Deviation> moved = new LinkedHashMap<>();
    PackRevision revision = new PackRevision(pack);
    revision.canaries(recorded(pack, model, canaries, moved));
    return new RecordedCanaries(
        pack.digest(),
        written(revision),
        options.architecture(),
        canaries.size() - pack.canaries().size(),
        moved);
  }

  private ProbePack read() {
    try {
      return PackReader.read(options.pack());
    } catch (PackException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  /** Those that are there, and the texts that none of them is. */
  private List<Canary> withTexts(
      ProbePack pack, CanaryOptions.Texts wanted, Map<String, CanaryKind> texts) {
    OnnxTextModel model = OnnxTextModel.open(options.model());
    Map<Map<String, Tensor>, Canary> canaries = new LinkedHashMap<>();
    pack.canaries().forEach(canary -> canaries.put(canary.inputs(), canary));
    if (canaries.size() < pack.canaries().size()) {
      throw BadInput.in(options.pack(), "canaries with inputs that differ", "two with the same");
    }
    try (TextTokenizer tokenizer = TextTokenizer.open(wanted.tokenizer())) {
      for (Map.Entry<String, CanaryKind> text : texts.entrySet()) {
        Map<String, Tensor> inputs =
            new TreeMap<>(model.inputs(List.of(tokenizer.encode(text.getKey()))));
        CanaryKind kind = text.getValue();
        Canary made = new Canary(id(kind, inputs), kind, inputs, Map.of());
        Canary there = canaries.putIfAbsent(made.inputs(), made);
        if (there != null && there.kind() != kind) {
          throw BadInput.in(
              wanted.data(),
              "the kind of the canary '" + there.id() + "', " + there.kind().label(),
              kind.label() + " for a text with its tokens");
        }
      }
    }
    if (canaries.size() > Canary.MOST) {
      throw BadInput.in(
          options.pack(),
          "at most " + Canary.MOST + " canaries",
          pack.canaries().size() + ", and " + (canaries.size() - pack.canaries().size()) + " more");
    }
    return List.copyOf(canaries.values());
  }

  /** Of the inputs and nothing else, so that it tells nothing of the text and stays as it is. */
  private static String id(CanaryKind kind, Map<String, Tensor> inputs) {
    StringBuilder digests = new StringBuilder();
    inputs.forEach(
        (name, tensor) ->
            digests
                .append(name)
                .append(' ')
                .append(tensor)
                .append(' ')
                .append(Digests.sha256(tensor.data()))
                .append('\n'));
    byte[] all = digests.toString().getBytes(StandardCharsets.UTF_8);
    return kind.label() + "-" + Digests.sha256(ByteBuffer.wrap(all)).substring(0, ID_DIGITS);
  }

  private List<Canary> recorded(
      ProbePack pack, PackCheck model, List<Canary> canaries, Map<String, Deviation> moved) {
    List<PackCheck.Replay> replays =
        model.replay(
            pack, canaries, options.architecture(), progress.count("canaries", canaries.size()));
    List<Canary> recorded = new ArrayList<>();
    for (int i = 0; i < canaries.size(); i++) {
      Canary canary = canaries.get(i);
      Map<String, GoldenInput> readings = new TreeMap<>(canary.readings());
      readings.put(options.architecture(), replays.get(i).reading());
      recorded.add(new Canary(canary.id(), canary.kind(), canary.inputs(), readings));
      if (replays.get(i).deviation().isContradiction()) {
        moved.put(canary.id(), replays.get(i).deviation());
      }
    }
    return recorded;
  }

  private ProbePack written(PackRevision revision) throws IOException {
    Path out = options.out();
    try {
      ProbePack built = revision.build(options.version());
      return out == null ? PackReplacement.of(options.pack(), built) : PackWriter.write(out, built);
    } catch (PackException | IllegalArgumentException e) {
      throw new BadInput(options.pack() + ": " + e.getMessage());
    }
  }
}
