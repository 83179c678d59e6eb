package io.innerspan.workbench.features;

import io.innerspan.workbench.data.BadInput;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The index of words (FTS5) over a dictionary's labels and examples. */
final class FeatureSearch {
  private static final int SEARCHED_EXAMPLES = 10;
  private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

  private final Sql sql;
  private final FeatureRows rows;

  FeatureSearch(Sql sql, FeatureRows rows) {
    this.sql = sql;
    this.rows = rows;
  }

  /** Puts a feature's words into the index, in the place of what it had before. */
  void index(String version, int index, String id, List<Example> examples) throws SQLException {
    List<String> peaks = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Example example : examples.subList(0, Math.min(SEARCHED_EXAMPLES, examples.size()))) {
      peaks.add(example.peak());
      texts.add(example.text());
    }
    List<String> labels = new ArrayList<>();
    for (Label label : rows.labels(id)) {
      labels.add(label.text());
    }
    sql.update("DELETE FROM words WHERE version = ? AND idx = ?", version, index);
    sql.update(
        "INSERT INTO words VALUES (?,?,?,?,?)",
        version,
        index,
        String.join("\n", labels),
        String.join("\n", peaks),
        String.join("\n", texts));
  }

  /** Does so for a feature in every version that has it. */
  void reindex(String id) throws SQLException {
    record Place(String version, int index) {}
    List<Place> places =
        sql.query(
            "SELECT version, idx FROM feature WHERE id = ?",
            row -> new Place(row.getString(1), row.getInt(2)),
            id);
    for (Place place : places) {
      index(place.version(), place.index(), id, rows.examples(place.version(), place.index()));
    }
  }

  /** Takes a version's features out of the index. */
  void forget(String version) throws SQLException {
    sql.update("DELETE FROM words WHERE version = ?", version);
  }

  /**
   * Features that have all words, the best match first.
   *
   * @param match as {@link #match} makes it
   */
  List<Hit> find(String version, String match, int limit) throws SQLException {
    return sql.query(
        "SELECT words.idx, feature.id, (SELECT text FROM label WHERE label.feature ="
            + " feature.id ORDER BY author, type, text LIMIT 1), snippet(words, -1, '⟦', '⟧',"
            + " '…', 16) FROM words JOIN feature ON feature.version = words.version AND"
            + " feature.idx = words.idx WHERE words MATCH ? AND words.version = ? ORDER BY"
            + " bm25(words, 0, 0, 10, 4, 1), words.idx LIMIT ?",
        row -> new Hit(row.getInt(1), row.getString(2), row.getString(3), row.getString(4)),
        match,
        version,
        limit);
  }

  /** Words as they are, none of them an operator; a last * asks for what begins so. */
  static String match(String words) {
    List<String> quoted = new ArrayList<>();
    for (String word : WHITE_SPACE.split(words.trim())) {
      boolean prefix = word.endsWith("*");
      String plain = word.replace("\"", "\"\"").replaceAll("\\*+$", "");
      if (plain.codePoints().anyMatch(Character::isLetterOrDigit)) {
        quoted.add("\"" + plain + "\"" + (prefix ? "*" : ""));
      }
    }
    if (quoted.isEmpty()) {
      throw new BadInput("the search: expected a word, found '" + words + "'");
    }
    return String.join(" ", quoted);
  }
}
