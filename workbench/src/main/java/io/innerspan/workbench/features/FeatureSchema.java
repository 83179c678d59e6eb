package io.innerspan.workbench.features;

import io.innerspan.workbench.data.BadInput;
import java.sql.SQLException;
import java.util.List;

/** The tables of a dictionary, by which its file is known. */
final class FeatureSchema {
  /** SQLite's application_id of such files: "ISFD". */
  private static final int APPLICATION = 0x49534644;

  private static final int SCHEMA = 1;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE version (name TEXT PRIMARY KEY, pack TEXT NOT NULL, model_name TEXT NOT NULL,"
              + " model TEXT NOT NULL, hook_point TEXT NOT NULL, data TEXT NOT NULL, tokens INTEGER"
              + " NOT NULL, features INTEGER NOT NULL, width INTEGER NOT NULL, neuronpedia TEXT)",
          "CREATE TABLE feature (version TEXT NOT NULL REFERENCES version ON DELETE CASCADE, idx"
              + " INTEGER NOT NULL, id TEXT NOT NULL, active INTEGER NOT NULL, density REAL NOT NULL,"
              + " mean REAL NOT NULL, max REAL NOT NULL, cluster INTEGER NOT NULL, histogram TEXT NOT"
              + " NULL, nearest TEXT NOT NULL, together TEXT NOT NULL, decoder BLOB NOT NULL, PRIMARY"
              + " KEY (version, idx)) WITHOUT ROWID",
          "CREATE INDEX feature_id ON feature (id)",
          "CREATE TABLE example (version TEXT NOT NULL, idx INTEGER NOT NULL, rank INTEGER NOT NULL,"
              + " activation REAL NOT NULL, text TEXT NOT NULL, peak TEXT NOT NULL, tokens TEXT NOT"
              + " NULL, PRIMARY KEY (version, idx, rank), FOREIGN KEY (version, idx) REFERENCES"
              + " feature ON DELETE CASCADE) WITHOUT ROWID",
          "CREATE TABLE label (feature TEXT NOT NULL, text TEXT NOT NULL, author TEXT NOT NULL, type"
              + " TEXT NOT NULL, PRIMARY KEY (feature, author, type, text)) WITHOUT ROWID",
          "CREATE VIRTUAL TABLE words USING fts5(version UNINDEXED, idx UNINDEXED, labels, peaks,"
              + " texts, tokenize = 'unicode61')");

  /** Makes the tables in a file that has none. */
  static void create(Sql sql) throws SQLException {
    sql.execute("PRAGMA application_id = " + APPLICATION);
    sql.execute("PRAGMA user_version = " + SCHEMA);
    sql.autoCommit(false);
    for (String table : TABLES) {
      sql.execute(table);
    }
    sql.commit();
    sql.autoCommit(true);
  }

  /**
   * Holds a file to what {@link #create} makes.
   *
   * @throws BadInput when it is no dictionary, or one of another schema
   */
  static void check(Sql sql) throws SQLException {
    if (sql.number("PRAGMA application_id") != APPLICATION) {
      throw BadInput.in(
          sql.file(), "a dictionary that 'features build' wrote", "another SQLite file");
    }
    int schema = sql.number("PRAGMA user_version");
    if (schema != SCHEMA) {
      throw BadInput.in(sql.file(), "a dictionary of schema " + SCHEMA, "schema " + schema);
    }
  }

  private FeatureSchema() {}
}
