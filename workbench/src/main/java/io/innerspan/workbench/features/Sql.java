package io.innerspan.workbench.features;

import io.innerspan.workbench.data.BadInput;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An SQLite file. Work on it is one transaction each, and its faults name the file. */
final class Sql implements AutoCloseable {
  private final Path file;
  private final Connection connection;

  private Sql(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  static Sql open(Path file) throws SQLException {
    return new Sql(file, DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath()));
  }

  Path file() {
    return file;
  }

  /** Whether each statement is a transaction, as at first, or {@link #commit} ends one. */
  void autoCommit(boolean each) throws SQLException {
    connection.setAutoCommit(each);
  }

  void commit() throws SQLException {
    connection.commit();
  }

  /** Work on the database whose faults are told as such. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws SQLException;
  }

  /** One transaction: all of the work, or nothing of it. */
  <T> T work(Work<T> work) {
    try {
      T result = work.run();
      connection.commit();
      return result;
    } catch (SQLException e) {
      try {
        connection.rollback();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
      throw BadInput.in(file, "to read or write it", String.valueOf(e.getMessage()));
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The number that is asked for; 0 without a row. */
  int number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  int update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** Reads one row of an answer. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  <T> List<T> query(String sql, Row<T> row, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(row.read(rows));
        }
      }
      return found;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // What failed before is what is told.
    }
  }
}
