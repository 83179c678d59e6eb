package io.innerspan.workbench.evaluate;

import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.SeenData;
import io.innerspan.signals.pack.TrainingData;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.CsvTable;
import io.innerspan.workbench.data.Groups;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.data.LabelledTexts;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.PackCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that an evaluation reads, held to one another.
 *
 * @param pack the pack
 * @param probe the probe to evaluate
 * @param model the pack's model
 * @param data what is left to test on
 * @param table the data's file
 * @param train what baselines learn from, or null
 * @param benign what thresholds are taken from, or null
 */
record EvaluationInputs(
    ProbePack pack,
    Probe probe,
    OnnxTextModel model,
    Exclusion data,
    CsvTable table,
    @Nullable List<LabelledText> train,
    @Nullable List<LabelledText> benign) {
  /**
   * Reads everything, the texts before the model.
   *
   * @throws BadInput when something that the user gave cannot be used
   */
  static EvaluationInputs open(EvaluateOptions options) throws IOException {
    ProbePack pack = pack(options.pack());
    Probe probe = probe(pack, options);
    TrainingData trained = pack.trainingData();
    List<LabelledText> train = options.train() == null ? null : read(options.train(), options);
    CsvTable table = CsvTable.read(options.data());
    options.slices().forEach(table::column);
    if (options.source() != null) {
      table.column(options.source());
    }
    Exclusion data =
        Exclusion.of(
            read(options.data(), options),
            train == null ? List.of() : train,
            trained == null ? null : trained.seen());
    data = options.keepDuplicates() ? data : data.withoutCopies();
    checkLeft(data, options);
    List<LabelledText> benign =
        options.benign() == null
            ? null
            : benign(
                options.benign(), options, trained == null ? null : trained.seen(), data, train);
    PackCheck.checkTokenizer(pack, options.tokenizer());
    List<String> faults = PackCheck.on(options.model()).faults(pack);
    if (!faults.isEmpty()) {
      throw new BadInput(faults.get(0));
    }
    return new EvaluationInputs(
        pack,
        probe,
        OnnxTextModel.open(options.model()),
        data,
        table,
        train == null ? null : learntFrom(train, options),
        benign);
  }

  private static List<LabelledText> learntFrom(List<LabelledText> train, EvaluateOptions options) {
    List<LabelledText> joined = Groups.joined(train);
    return options.keepDuplicates() ? joined : Groups.withoutCopies(joined);
  }

  private static ProbePack pack(Path path) {
    try {
      return PackReader.read(path);
    } catch (PackException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private static Probe probe(ProbePack pack, EvaluateOptions options) {
    List<Probe> probes = pack.probes();
    List<String> ids = probes.stream().map(Probe::id).toList();
    String wanted = options.probe();
    if (wanted == null && probes.size() == 1) {
      return probes.get(0);
    }
    if (wanted == null) {
      throw BadInput.in(
          options.pack(), probes.isEmpty() ? "a probe" : "--probe, one of " + ids, "none");
    }
    return probes.stream()
        .filter(probe -> probe.id().equals(wanted))
        .findFirst()
        .orElseThrow(() -> BadInput.in(options.pack(), "a probe '" + wanted + "'", "" + ids));
  }

  private static List<LabelledText> read(Path file, EvaluateOptions options) {
    EvaluateOptions.Columns columns = options.columns();
    return LabelledTexts.read(
        file, columns.text(), columns.label(), columns.positive(), columns.group());
  }

  private static void checkLeft(Exclusion data, EvaluateOptions options) {
    for (boolean label : new boolean[] {true, false}) {
      long groups =
          data.rows().stream()
              .filter(row -> row.positive() == label)
              .map(LabelledText::group)
              .distinct()
              .count();
      if (groups < 2) {
        throw BadInput.in(
            options.data(),
            "at least 2 groups of " + (label ? "positive" : "other") + " rows to test on",
            groups
                + " after leaving out "
                + data.byPack()
                + " rows that the pack has seen and "
                + data.byTraining()
                + " that the baselines learn from");
      }
    }
  }

  /** Benign texts need no label; those that are known from elsewhere are not separate. */
  private static List<LabelledText> benign(
      Path file,
      EvaluateOptions options,
      @Nullable SeenData seen,
      Exclusion data,
      @Nullable List<LabelledText> train) {
    CsvTable table = CsvTable.read(file);
    List<String> texts = table.column(options.columns().text());
    List<LabelledText> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      if (!texts.get(i).isBlank()) {
        String group = file + "#" + i;
        rows.add(new LabelledText(i + 1L, texts.get(i), "benign", false, group));
      }
    }
    List<LabelledText> others = new ArrayList<>(data.rows());
    others.addAll(train == null ? List.of() : train);
    Exclusion left = Exclusion.of(rows, others, seen);
    if (left.rows().isEmpty()) {
      throw BadInput.in(
          file, "benign texts that are not tested, learnt from or seen by the pack", "none");
    }
    return left.rows();
  }

  /** A column's values of the rows that are tested, by row number. */
  static TreeMap<String, List<Integer>> byValue(CsvTable table, String column, Sample sample) {
    List<String> values = table.column(column);
    TreeMap<String, List<Integer>> rows = new TreeMap<>();
    for (int i = 0; i < sample.size(); i++) {
      String value = values.get((int) sample.rows().get(i).row() - 1);
      rows.computeIfAbsent(value, any -> new ArrayList<>()).add(i);
    }
    return rows;
  }
}
