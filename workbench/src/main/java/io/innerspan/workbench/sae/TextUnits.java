package io.innerspan.workbench.sae;

import io.innerspan.signals.pack.SeenData;
import io.innerspan.workbench.data.Groups;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.store.StoreTexts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which texts of a store belong together: a group's, and copies, and what these join. */
final class TextUnits {
  /**
   * By text, the name of its unit: the first of the groups in it by name, else the text in one
   * spacing and case. It does not depend on the order of the texts.
   */
  static List<String> of(StoreTexts texts) {
    List<LabelledText> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String group = texts.group(i);
      rows.add(
          new LabelledText(i, texts.text(i), "", false, group == null ? Groups.ofOne(i) : group));
    }
    List<LabelledText> joined = Groups.joined(rows);
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < joined.size(); i++) {
      String group = texts.group(i);
      if (group != null) {
        names.merge(joined.get(i).group(), group, (a, b) -> a.compareTo(b) <= 0 ? a : b);
      }
    }
    List<String> units = new ArrayList<>();
    for (LabelledText row : joined) {
      String name = names.get(row.group());
      units.add(name == null ? SeenData.normalised(row.text()) : name);
    }
    return units;
  }

  private TextUnits() {}
}
