package io.innerspan.signals.pack;

import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.TokenSelection;
import java.io.IOException;

/** {@code attention_summary}. */
final class AttentionSummaryFormat extends SignalFormat<AttentionSummary> {
  AttentionSummaryFormat() {
    super("attention_summary", AttentionSummary.class);
  }

  @Override
  AttentionSummary read(SignalInput in) {
    String id = in.id();
    HookPoint hookPoint = in.hookPoint();
    TokenSelection tokens = in.tokens();
    int heads = in.fields().whole("heads");
    boolean mayBreakFusion = in.fields().flag("may_break_fusion", false);
    return in.fields()
        .build(() -> new AttentionSummary(id, hookPoint, tokens, heads, mayBreakFusion));
  }

  @Override
  void write(AttentionSummary summary, SignalOutput out) throws IOException {
    out.hookPoint(summary.hookPoint());
    out.tokens(summary.tokens());
    out.json().name("heads").value(summary.heads());
    out.json().name("may_break_fusion").value(summary.mayBreakFusion());
  }
}
