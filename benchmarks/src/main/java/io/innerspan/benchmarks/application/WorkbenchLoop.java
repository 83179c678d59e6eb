package io.innerspan.benchmarks.application;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.GroupSplitter;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.data.LabelledTexts;
import io.innerspan.workbench.data.Part;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.data.Shares;
import io.innerspan.workbench.data.Split;
import io.innerspan.workbench.model.DelegatingTextModel;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.store.StoreCapture;
import io.innerspan.workbench.store.TextFile;
import io.innerspan.workbench.store.TextInput;
import io.innerspan.workbench.train.LearnOptions;
import io.innerspan.workbench.train.PackTrainer;
import io.innerspan.workbench.train.PooledActivations;
import io.innerspan.workbench.train.TrainOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The workbench at work on a model and labelled texts: {@code capture} beside ONNX Runtime without
 * it, {@code train}, and the activations that a peer learns from. Each measured round is a line of
 * a name and seconds.
 */
public final class WorkbenchLoop {
  /** What a batch holds at most: tokens of its longest row times its rows, as the workbench has. */
  private static final int BATCH_TOKENS = 512;

  private static final long SHARD_BYTES = 64L << 20;
  private static final Progress SILENT = new Progress(new PrintWriter(Writer.nullWriter()));

  private final Path model;
  private final Path tokenizer;
  private final Path data;
  private final Path folder;

  private WorkbenchLoop(Path model, Path tokenizer, Path data, Path folder) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.data = data;
    this.folder = folder;
  }

  /**
   * Measures.
   *
   * @param arguments {@code capture}, {@code prolonged}, {@code large}, {@code train} or {@code
   *     pooled}; the model; its tokenizer; a CSV file with the columns text and label, of which yes
   *     is one; a folder; the rounds; a seed
   */
  public static void main(String[] arguments) throws Exception {
    WorkbenchLoop loop =
        new WorkbenchLoop(
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            Path.of(arguments[3]),
            Path.of(arguments[4]));
    int rounds = Integer.parseInt(arguments[5]);
    switch (arguments[0]) {
      case "capture" ->
          loop.capture(
              List.of("bare", "bare-again", "bare-one", "one", "all"),
              rounds,
              Long.parseLong(arguments[6]));
      case "prolonged" ->
          loop.capture(List.of("bare", "all"), rounds, Long.parseLong(arguments[6]));
      case "large" -> loop.large();
      case "train" -> loop.train(rounds);
      case "pooled" -> loop.pooled();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void say(String name, double value) {
    System.out.println(name + " " + value);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }

  // What is measured of capture.

  private void capture(List<String> measured, int rounds, long seed) throws Exception {
    List<LabelledText> rows = rows();
    List<TokenIds> texts = tokens(rows);
    say("texts", rows.size());
    say("tokens", (double) texts.stream().mapToLong(TokenIds::length).sum());
    List<HookPoint> layers = OnnxTextModel.open(model).layerOutputs();
    List<String> kinds = new ArrayList<>(measured);
    Random order = new Random(seed);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions one = new OrtSession.SessionOptions()) {
      one.setIntraOpNumThreads(1);
      try (OrtSession bare = environment.createSession(model.toString());
          OrtSession single = environment.createSession(model.toString(), one)) {
        for (int round = 0; round <= rounds; round++) {
          Collections.shuffle(kinds, order);
          for (String kind : kinds) {
            delete(folder.resolve("store"));
            long begin = System.nanoTime();
            switch (kind) {
              case "bare", "bare-again" -> run(environment, bare, texts);
              case "bare-one" -> run(environment, single, texts);
              case "one" -> store(layers.subList(layers.size() / 2, layers.size() / 2 + 1));
              default -> store(layers);
            }
            if (round > 0) {
              say(kind, seconds(begin));
            }
          }
          if (round > 0) {
            System.out.println("round");
          }
        }
      }
    }
  }

  /** As a program would that wants nothing but the model's output: tokens are there already. */
  private static void run(OrtEnvironment environment, OrtSession session, List<TokenIds> texts)
      throws OrtException {
    List<TokenIds> sorted =
        texts.stream().sorted(Comparator.comparingInt(text -> -text.length())).toList();
    for (int from = 0; from < sorted.size(); ) {
      int longest = sorted.get(from).length();
      int to = Math.min(sorted.size(), from + Math.max(1, BATCH_TOKENS / longest));
      List<TokenIds> batch = sorted.subList(from, to);
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      try {
        long[] shape = {batch.size(), longest};
        for (String name : session.getInputNames()) {
          inputs.put(
              name,
              OnnxTensor.createTensor(
                  environment, LongBuffer.wrap(input(name, batch, longest)), shape));
        }
        session.run(inputs).close();
      } finally {
        inputs.values().forEach(OnnxTensor::close);
      }
      from = to;
    }
  }

  private static long[] input(String name, List<TokenIds> batch, int longest) {
    long[] values = new long[batch.size() * longest];
    for (int row = 0; row < batch.size(); row++) {
      TokenIds text = batch.get(row);
      for (int token = 0; token < text.length(); token++) {
        values[row * longest + token] =
            switch (name) {
              case "input_ids" -> text.ids()[token];
              case "attention_mask" -> 1;
              default -> 0;
            };
      }
    }
    return values;
  }

  private StoreCapture.Summary store(List<HookPoint> places) throws IOException {
    Path store = folder.resolve("store");
    OnnxTextModel opened = OnnxTextModel.open(model);
    TextFile texts = new TextFile(data, "text", "label", null);
    try (TextTokenizer words = TextTokenizer.open(tokenizer)) {
      return new StoreCapture(
              store,
              StoreCapture.settings(
                  opened, model, null, tokenizer, texts, places, SHARD_BYTES, "ort"),
              data,
              SILENT)
          .run(new TextInput(opened, words, texts, places));
    }
  }

  /** One capture of one layer, and the most memory that the process has had. */
  private void large() throws IOException {
    List<HookPoint> layers = OnnxTextModel.open(model).layerOutputs();
    delete(folder.resolve("store"));
    long begin = System.nanoTime();
    StoreCapture.Summary summary = store(layers.subList(layers.size() / 2, layers.size() / 2 + 1));
    say("large", seconds(begin));
    say("texts", (double) summary.texts());
    say("tokens", (double) summary.tokens());
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          say("peak", Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024);
        }
      }
    }
    System.out.println("round");
    delete(folder.resolve("store"));
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  // What is measured of train.

  private void train(int rounds) throws IOException {
    for (int round = 1; round <= rounds; round++) {
      Path out = folder.resolve("pack");
      delete(out);
      TimedModel timed = new TimedModel(OnnxTextModel.open(model));
      long begin = System.nanoTime();
      new PackTrainer(options(out), SILENT).run(file -> timed);
      double all = seconds(begin);
      say("train", all);
      say("learn", all - timed.seconds);
      System.out.println("round");
    }
  }

  private TrainOptions options(Path out) {
    return new TrainOptions(
        data,
        "text",
        "label",
        "yes",
        null,
        model,
        tokenizer,
        out,
        "probe",
        "probe",
        "1.0.0",
        "NOASSERTION",
        1,
        0.01,
        null,
        false,
        null,
        List.of(),
        // The same rows as scikit-learn gets, whether or not a text repeats.
        new LearnOptions(LearnOptions.DEFAULT.learners(), false, 1, true));
  }

  /** The activations that {@code train} learns its pooled probes from, with its own split. */
  private void pooled() throws IOException {
    Split split = new GroupSplitter(Shares.DEFAULT, 1).split(rows(), data.toString());
    OnnxTextModel opened = OnnxTextModel.open(model);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Part part : List.of(Part.TRAIN, Part.VALIDATION)) {
      List<LabelledText> rows = split.rows(part);
      tensors.put(part.label() + ".y", labels(rows));
      List<HookPoint> layers = opened.layerOutputs();
      for (Pooling pooling : PooledActivations.POOLINGS) {
        float[][][] pooled = new float[layers.size()][rows.size()][];
        opened.visit(
            tokens(rows),
            layers,
            SILENT.count("", rows.size()),
            (text, activations) -> {
              for (int layer = 0; layer < pooled.length; layer++) {
                pooled[layer][text] = PooledActivations.pool(pooling, activations.get(layer));
              }
            });
        for (int layer = 0; layer < pooled.length; layer++) {
          tensors.put(
              part.label() + "." + layer + "." + pooling.kind().label(), flat(pooled[layer]));
        }
      }
    }
    Files.createDirectories(folder);
    SafetensorsWriter.write(folder.resolve("pooled.safetensors"), tensors, Map.of());
  }

  private static Tensor labels(List<LabelledText> rows) {
    return Tensor.ofLongs(rows.stream().mapToLong(row -> row.positive() ? 1 : 0).toArray());
  }

  private static Tensor flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    IntStream.range(0, rows.length)
        .forEach(i -> System.arraycopy(rows[i], 0, flat, i * rows[i].length, rows[i].length));
    return Tensor.ofFloats(flat, rows.length, rows[0].length);
  }

  private List<LabelledText> rows() {
    return LabelledTexts.read(data, "text", "label", "yes", null);
  }

  private List<TokenIds> tokens(List<LabelledText> rows) {
    try (TextTokenizer words = TextTokenizer.open(tokenizer)) {
      return rows.stream().map(row -> words.encode(row.text())).toList();
    }
  }

  /** A model that knows how long it has worked. */
  private static final class TimedModel extends DelegatingTextModel {
    private double seconds;

    TimedModel(TextModel model) {
      super(model);
    }

    @Override
    public void visit(
        List<TokenIds> texts,
        List<HookPoint> hookPoints,
        Progress.Counter progress,
        Visitor visitor)
        throws IOException {
      long begin = System.nanoTime();
      super.visit(texts, hookPoints, progress, visitor);
      seconds += WorkbenchLoop.seconds(begin);
    }
  }
}
