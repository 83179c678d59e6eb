package io.innerspan.workbench.train;

import io.innerspan.signals.Probe;
import io.innerspan.signals.Threshold;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.data.Part;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The test part, one record per row, with the probe's and the baselines' scores. */
final class TestPartCsv {
  static void write(Path file, Trained trained) {
    Probe probe = trained.probe();
    List<String> header =
        new ArrayList<>(List.of("record", "text", "label", "logit", "score", "predicted"));
    trained.baselines().forEach(method -> header.add(method.key() + "_logit"));
    try (Writer writer = Files.newBufferedWriter(file);
        CSVPrinter csv = new CSVPrinter(writer, CSVFormat.RFC4180)) {
      csv.printRecord(header);
      List<LabelledText> rows = trained.part(Part.TEST).rows();
      for (int i = 0; i < rows.size(); i++) {
        double logit = trained.result().testLogits()[i];
        double score = probe.calibration().score(logit);
        List<Object> fields = new ArrayList<>();
        fields.add(rows.get(i).row());
        fields.add(rows.get(i).text());
        fields.add(rows.get(i).label());
        fields.add(logit);
        fields.add(score);
        fields.add(predicted(probe, score));
        for (Method method : trained.baselines()) {
          fields.add(method.testLogits()[i]);
        }
        csv.printRecord(fields);
      }
    } catch (IOException e) {
      throw BadInput.in(file, "a writable file", String.valueOf(e));
    }
  }

  private static String predicted(Probe probe, double score) {
    Threshold threshold = probe.threshold();
    if (threshold == null) {
      return "";
    }
    return score >= threshold.score() ? probe.positiveLabel() : probe.negativeLabel();
  }

  private TestPartCsv() {}
}
