package io.innerspan.examples.quickstart.driver;

import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedSpan;
import java.util.List;

/** Shows a run on standard output. */
interface Report {
  /** The service runs and is warm. */
  void started(String address, long pid);

  /** The spans of one request's trace, with at least the service's HTTP span. */
  void trace(SentText sent, List<ReceivedSpan> spans);

  /** The service has ended; the receiver holds all that it sent. */
  void ended(OtlpReceiver receiver);
}
