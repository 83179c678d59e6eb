package io.innerspan.extension;

import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.ModelStructure;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The last few models that were scanned, for applications that open one model again and again. What
 * is known of a model holds for every model that is the same byte by byte but for its large
 * weights. They go when memory is short. Thread-safe.
 */
final class KnownModels {
  private static final int MOST = 4;

  /** Models whose structure is larger are not kept. */
  private static final int LARGEST = 4 << 20;

  private record Entry(ModelStructure structure, KnownModel model) {}

  /** The last one that was asked for comes first. */
  private final Deque<SoftReference<Entry>> entries = new ArrayDeque<>();

  /** What is known of a model, or null. */
  synchronized @Nullable KnownModel find(ModelStructure structure) {
    Iterator<SoftReference<Entry>> kept = entries.iterator();
    while (kept.hasNext()) {
      SoftReference<Entry> reference = kept.next();
      Entry entry = reference.get();
      if (entry == null) {
        kept.remove();
      } else if (entry.structure().equals(structure)) {
        kept.remove();
        entries.addFirst(reference);
        return entry.model();
      }
    }
    return null;
  }

  /**
   * Scans a model that is not known.
   *
   * @throws ModelRefusedException when it is no ONNX model, or none that can be grafted
   */
  KnownModel scan(ModelStructure structure) throws ModelRefusedException {
    KnownModel model = new KnownModel(structure.scan());
    if (structure.size() <= LARGEST) {
      keep(new Entry(structure, model));
    }
    return model;
  }

  private synchronized void keep(Entry entry) {
    entries.addFirst(new SoftReference<>(entry));
    if (entries.size() > MOST) {
      entries.removeLast();
    }
  }
}
