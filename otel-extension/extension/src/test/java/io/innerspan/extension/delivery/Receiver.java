package io.innerspan.extension.delivery;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A receiver that answers when a test says so. */
final class Receiver implements Transport {
  final List<String> received = new ArrayList<>();
  private final List<CompletableResultCode> open = new ArrayList<>();
  private boolean away;

  /** From now on it answers at once that it is not there, or nothing until it is told to. */
  void away(boolean isAway) {
    away = isAway;
  }

  @Override
  public CompletableResultCode send(byte[] body, int items) {
    received.add(new String(body, StandardCharsets.UTF_8));
    CompletableResultCode answer =
        away ? CompletableResultCode.ofFailure() : new CompletableResultCode();
    open.add(answer);
    return answer;
  }

  /** Answers what was sent last. */
  void accept() {
    open.get(open.size() - 1).succeed();
  }

  void fail(Throwable failure) {
    open.get(open.size() - 1).failExceptionally(failure);
  }
}
