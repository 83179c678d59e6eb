package io.innerspan.recorder;

import io.innerspan.recorder.CohortKey.Source;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which slices of the traffic an inference belongs to: one for each key that it has a value of. The
 * first values of a key have slices of their own; later ones share {@code _OTHER}, so that whoever
 * makes up values makes no series. Thread-safe.
 */
final class Cohorts {
  /** There are no slices. */
  static final Cohorts NONE = new Cohorts(List.of(), 0);

  private static final ContextKey<@Nullable String[]> VALUES =
      ContextKey.named("innerspan-cohorts");
  private static final int LONGEST = 64;

  private final CohortKey[] keys;
  private final BoundedNames[] values;

  /** Of the resource, known with the first span that tells it. */
  private volatile @Nullable Resource resource;

  /**
   * @param limit how many values of each key have slices of their own
   */
  Cohorts(List<CohortKey> keys, int limit) {
    this.keys = keys.toArray(CohortKey[]::new);
    this.values = new BoundedNames[this.keys.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = new BoundedNames(limit);
    }
  }

  /** How many keys there are. */
  int size() {
    return keys.length;
  }

  /** The name of a key. */
  String key(int index) {
    return keys[index].name();
  }

  /**
   * An inference begins.
   *
   * @param parent what was current before
   * @param context of the inference
   * @return the inference's context, with its slices
   */
  Context in(Context parent, Context context) {
    if (keys.length == 0) {
      return context;
    }
    @Nullable String[] found = new String[keys.length];
    Span outer = Span.fromContext(parent);
    for (int i = 0; i < keys.length; i++) {
      String value = value(keys[i], parent, outer, context);
      found[i] = value == null || value.isEmpty() ? null : values[i].keep(cut(value));
    }
    return context.with(VALUES, found);
  }

  /**
   * The slices of an inference: for each key a value from a bounded set, or null where it has none.
   *
   * @return null when nothing is told apart
   */
  static @Nullable String @Nullable [] of(Context context) {
    return context.get(VALUES);
  }

  private @Nullable String value(CohortKey key, Context parent, Span outer, Context context) {
    if (key.source() == Source.BAGGAGE) {
      return Baggage.fromContext(parent).getEntryValue(key.name());
    }
    if (key.source() == Source.SPAN) {
      return outer instanceof ReadableSpan span ? attribute(span, key.name()) : null;
    }
    Resource known = resource(context);
    return known == null ? null : known.getAttribute(AttributeKey.stringKey(key.name()));
  }

  private static @Nullable String attribute(ReadableSpan span, String name) {
    String text = span.getAttribute(AttributeKey.stringKey(name));
    if (text != null) {
      return text;
    }
    Object other = span.getAttribute(AttributeKey.longKey(name));
    if (other == null) {
      other = span.getAttribute(AttributeKey.booleanKey(name));
    }
    return other == null ? null : other.toString();
  }

  private @Nullable Resource resource(Context context) {
    Resource known = resource;
    if (known == null && Span.fromContext(context) instanceof ReadableSpan span) {
      known = span.toSpanData().getResource();
      resource = known;
    }
    return known;
  }

  private static String cut(String value) {
    return value.length() <= LONGEST ? value : value.substring(0, LONGEST);
  }
}
