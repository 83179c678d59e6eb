package io.innerspan.workbench.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * What a pack's canaries give on a model, beside what is recorded.
 *
 * @param architecture whose readings they were compared with
 * @param compared how many have such a reading
 * @param unrecorded how many have none
 * @param moved the ids of those that give something else
 * @param faults a line for each of these, and one when canaries could not be replayed
 */
public record CanaryCheck(
    String architecture, int compared, int unrecorded, List<String> moved, List<String> faults) {
  public CanaryCheck {
    moved = List.copyOf(moved);
    faults = List.copyOf(faults);
  }

  /** One JSON object, without the faults. */
  public JsonObject json() {
    JsonArray ids = new JsonArray();
    moved.forEach(ids::add);
    JsonObject object = new JsonObject();
    object.addProperty("architecture", architecture);
    object.addProperty("compared", compared);
    object.addProperty("unrecorded", unrecorded);
    object.add("moved", ids);
    return object;
  }

  @Override
  public String toString() {
    return "canaries: "
        + compared
        + " as recorded on "
        + architecture
        + (unrecorded == 0 ? "" : ", " + unrecorded + " without a reading there");
  }
}
