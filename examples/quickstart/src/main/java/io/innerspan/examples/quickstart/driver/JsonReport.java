package io.innerspan.examples.quickstart.driver;

import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedSpan;
import java.io.PrintStream;
import java.util.List;

/** Prints one JSON object per inference span. */
final class JsonReport implements Report {
  private final PrintStream out;

  JsonReport(PrintStream out) {
    this.out = out;
  }

  @Override
  public void started(String address, long pid) {}

  @Override
  public void trace(SentText sent, List<ReceivedSpan> spans) {
    InferenceSpan.among(spans)
        .forEach(inference -> out.println(JsonLine.of(sent.text(), inference)));
  }

  @Override
  public void ended(OtlpReceiver receiver) {}
}
