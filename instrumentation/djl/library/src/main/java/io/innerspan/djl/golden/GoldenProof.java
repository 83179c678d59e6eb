package io.innerspan.djl.golden;

import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.ProbePack;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of packs' golden inputs on a model.
 *
 * @param misfits by signal id, why a signal has no value on a golden input of its own pack: such
 *     signals must be left out, and the packs be held to their golden inputs again
 * @param contradictions by the label of a pack, which golden input says otherwise, expected and
 *     found: nothing of such a pack may be read
 */
public record GoldenProof(Map<String, SignalRefusal> misfits, Map<String, String> contradictions) {
  /** The set of all gates. */
  public static final long ALL_GATES = -1;

  public GoldenProof {
    misfits = Map.copyOf(misfits);
    contradictions = Map.copyOf(contradictions);
  }

  /**
   * A model that golden inputs run on.
   *
   * @param <E> says that the model cannot be read at all
   */
  public interface Live<E extends Exception> {
    /** The golden inputs of another pack are to follow. */
    default void begin() throws E {}

    /**
     * Reads a golden input with all gates open.
     *
     * @throws GoldenRefusedException when the model does not take it
     */
    CapturedReading read(GoldenInput input) throws GoldenRefusedException, E;
  }

  /**
   * Runs the golden inputs of packs, of each pack in their order up to the first that contradicts.
   *
   * @param layout of what is read
   */
  public static <E extends Exception> GoldenProof of(
      List<ProbePack> packs, ReadingLayout layout, Live<E> live) throws E {
    Map<String, SignalRefusal> misfits = new LinkedHashMap<>();
    Map<String, String> contradictions = new LinkedHashMap<>();
    for (ProbePack pack : packs) {
      if (pack.goldenInputs().isEmpty()
          || pack.signals().stream().allMatch(signal -> layout.indexOf(signal.id()) < 0)) {
        continue;
      }
      live.begin();
      String contradiction = contradiction(pack, layout, live, misfits);
      if (contradiction != null) {
        contradictions.put(pack.label(), contradiction);
      }
    }
    return new GoldenProof(misfits, contradictions);
  }

  private static <E extends Exception> @Nullable String contradiction(
      ProbePack pack, ReadingLayout layout, Live<E> live, Map<String, SignalRefusal> misfits)
      throws E {
    for (int i = 0; i < pack.goldenInputs().size(); i++) {
      GoldenInput input = pack.goldenInputs().get(i);
      String where = "golden input " + i;
      CapturedReading reading;
      try {
        reading = live.read(input);
      } catch (GoldenRefusedException e) {
        return where + ": expected a reading, found: " + e.getMessage();
      }
      if (addMisfits(pack, reading, where, misfits)) {
        return null; // They have no value to compare, and are left out in the next round.
      }
      GoldenReading.Contradiction found =
          GoldenReading.contradiction(input, layout, reading.values(), reading.rows());
      if (found != null) {
        return where + ": " + found;
      }
    }
    return null;
  }

  private static boolean addMisfits(
      ProbePack pack, CapturedReading reading, String where, Map<String, SignalRefusal> misfits) {
    boolean any = false;
    for (Signal signal : pack.signals()) {
      SignalRefusal refusal = reading.refusals().get(signal.id());
      if (refusal != null) {
        String detail = refusal.detail() + " (" + where + ")";
        misfits.put(signal.id(), new SignalRefusal(refusal.reason(), detail));
        any = true;
      }
    }
    return any;
  }

  /** Whether nothing is to be left out. */
  public boolean agrees() {
    return misfits.isEmpty() && contradictions.isEmpty();
  }
}
