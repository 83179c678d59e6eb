package io.innerspan.recorder;

import io.innerspan.recorder.GenerationKey.Origin;
import io.innerspan.semconv.FaultPlace;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The generations under way: which runs of a decoder belong together, and when that ends. Thread-
 * safe, bounded, and without a thread of its own: the idle ones are looked for when a step begins
 * and when metrics are collected.
 *
 * <p>Generations end outside of the lock: ending a span runs code of others.
 */
final class Generations {
  /** No more than these are open; then the one whose last step began first is ended. */
  static final int LIMIT = 1024;

  static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final HealthCounters health;
  private final LongSupplier nanoTime;

  // Guarded by this. By when their last step began, the earliest first.
  private final Map<GenerationKey, Generation> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Origin, Set<ModelTelemetry>> models = new HashMap<>();

  // Read without the lock: most spans that end have nothing to do with us.
  private volatile int size;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Generations(HealthCounters health, LongSupplier nanoTime) {
    this.health = health;
    this.nanoTime = nanoTime;
  }

  /**
   * Begins a step, and with it a generation unless it continues one.
   *
   * @param parent where the model is called
   * @param batchSize the number of rows, or negative
   * @param cachedTokens how many tokens are in the cache that the run is given
   */
  Generation.Step begin(ModelTelemetry model, Context parent, long batchSize, long cachedTokens) {
    GenerationKey key = new GenerationKey(model, Origin.of(parent));
    List<Generation> over = new ArrayList<>(0);
    Generation.Step next = null;
    synchronized (this) {
      removeIdle(over);
      Generation known = open.get(key);
      if (known != null) {
        next = known.next(cachedTokens);
      }
    }
    over.forEach(this::end);
    if (next != null) {
      return next;
    }
    Generation begun = Generation.begin(key, parent, batchSize, cachedTokens, nanoTime);
    Generation.Step first = begun.first(cachedTokens);
    put(key, begun).forEach(this::end);
    return first;
  }

  private synchronized List<Generation> put(GenerationKey key, Generation begun) {
    List<Generation> over = new ArrayList<>(1);
    Generation replaced = open.put(key, begun);
    if (replaced != null) {
      over.add(replaced);
    }
    models.computeIfAbsent(key.origin(), any -> new HashSet<>(2)).add(key.model());
    Iterator<Generation> eldest = open.values().iterator();
    while (open.size() > LIMIT) {
      over.add(remove(eldest, eldest.next()));
    }
    size = open.size();
    return over;
  }

  /** A span has ended. */
  void ended(SpanContext span) {
    if (size == 0) {
      return;
    }
    List<Generation> over = new ArrayList<>(0);
    synchronized (this) {
      Origin origin = Origin.of(span);
      Set<ModelTelemetry> under = models.remove(origin);
      if (under != null) {
        for (ModelTelemetry model : under) {
          Generation last = open.remove(new GenerationKey(model, origin));
          if (last != null) {
            over.add(last);
          }
        }
        size = open.size();
      }
    }
    over.forEach(this::end);
  }

  /** The application has closed a model. */
  void closed(ModelTelemetry model) {
    List<Generation> over = new ArrayList<>(0);
    synchronized (this) {
      Iterator<Generation> all = open.values().iterator();
      while (all.hasNext()) {
        Generation next = all.next();
        if (next.key().model() == model) {
          over.add(remove(all, next));
        }
      }
      size = open.size();
    }
    over.forEach(this::end);
  }

  /** Ends those that have had no step for a time. */
  void endIdle() {
    List<Generation> over = new ArrayList<>(0);
    synchronized (this) {
      removeIdle(over);
    }
    over.forEach(this::end);
  }

  /** Ends all. */
  void endAll() {
    List<Generation> over;
    synchronized (this) {
      over = new ArrayList<>(open.values());
      open.clear();
      models.clear();
      size = 0;
    }
    over.forEach(this::end);
  }

  /** How many are under way. */
  int size() {
    return size;
  }

  private void removeIdle(List<Generation> over) {
    long now = nanoTime.getAsLong();
    Iterator<Generation> eldest = open.values().iterator();
    while (eldest.hasNext()) {
      Generation next = eldest.next();
      if (now - next.lastBegun() < IDLE_NANOS) {
        break; // Nor are those that follow, whose steps began later.
      }
      if (next.isIdle(now)) {
        over.add(remove(eldest, next));
      }
    }
    size = open.size();
  }

  /** Removes what an iterator has just given. */
  private Generation remove(Iterator<Generation> at, Generation generation) {
    at.remove();
    GenerationKey key = generation.key();
    Set<ModelTelemetry> left = models.get(key.origin());
    if (left != null && left.remove(key.model()) && left.isEmpty()) {
      models.remove(key.origin());
    }
    return generation;
  }

  private void end(Generation generation) {
    try {
      generation.end();
    } catch (Throwable fault) {
      health.fault(FaultPlace.RECORD.value(), fault);
    }
  }
}
