package io.innerspan.workbench.calibrate;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenReading.Deviation;
import io.innerspan.signals.pack.ProbePack;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What recording canaries gave.
 *
 * @param before the digest of the pack as it was
 * @param pack the new pack
 * @param architecture of the readings
 * @param added how many canaries are new
 * @param moved by canary, what a reading that was recorded on this architecture before is not any
 *     more
 */
public record RecordedCanaries(
    String before, ProbePack pack, String architecture, int added, Map<String, Deviation> moved) {
  public RecordedCanaries {
    moved = new LinkedHashMap<>(moved);
  }

  /** Lines for people. */
  public void print(PrintWriter out) {
    out.println(pack.label() + ", digest " + pack.digest() + ", was " + before);
    out.println(
        "  canaries: "
            + pack.canaries().size()
            + ", of them new "
            + added
            + ", red_team "
            + count(CanaryKind.RED_TEAM)
            + ", ordinary "
            + count(CanaryKind.ORDINARY)
            + "; recorded on "
            + architecture);
    moved.forEach(
        (canary, deviation) ->
            out.println("  " + canary + " was recorded otherwise: " + deviation));
    out.flush();
  }

  /** One JSON object. */
  public String json() {
    JsonObject of = new JsonObject();
    of.addProperty("name", pack.name());
    of.addProperty("version", pack.version());
    of.addProperty("digest", pack.digest());
    of.addProperty("digest_before", before);
    JsonObject root = new JsonObject();
    root.add("pack", of);
    root.addProperty("architecture", architecture);
    root.addProperty("canaries", pack.canaries().size());
    root.addProperty("added", added);
    for (CanaryKind kind : CanaryKind.values()) {
      root.addProperty(kind.label(), count(kind));
    }
    JsonArray ids = new JsonArray();
    moved.keySet().forEach(ids::add);
    root.add("moved", ids);
    return root.toString();
  }

  private long count(CanaryKind kind) {
    return pack.canaries().stream().map(Canary::kind).filter(kind::equals).count();
  }
}
