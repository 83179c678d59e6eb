package io.innerspan.workbench.store;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts one after another, however many there are: the lines of a text file, the records of a
 * CSV file with a header ({@code .csv}), or the objects of a JSON Lines file ({@code .jsonl},
 * {@code .ndjson}). UTF-8; malformed bytes are refused.
 */
public final class TextSource implements Closeable {
  private static final CSVFormat CSV =
      CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          .get();

  private final Path file;
  private final @Nullable String textColumn;
  private final @Nullable String labelColumn;
  private final @Nullable String groupColumn;
  private final BufferedReader reader;
  private final @Nullable Iterator<CSVRecord> records;
  private long row;

  private TextSource(
      TextFile source, BufferedReader reader, @Nullable Iterator<CSVRecord> records) {
    file = source.file();
    textColumn = source.textColumn();
    labelColumn = source.labelColumn();
    groupColumn = source.groupColumn();
    this.reader = reader;
    this.records = records;
  }

  /** Opens a file at its first text. */
  public static TextSource open(TextFile source) throws IOException {
    Path file = source.file();
    String textColumn = source.textColumn();
    String name = InputFile.existing(file).toString().toLowerCase(Locale.ROOT);
    boolean csv = name.endsWith(".csv");
    boolean json = name.endsWith(".jsonl") || name.endsWith(".ndjson");
    if ((csv || json) && textColumn == null) {
      throw BadInput.in(file, "--text-column for a CSV or JSON Lines file", "none");
    }
    boolean columns =
        textColumn != null || source.labelColumn() != null || source.groupColumn() != null;
    if (!csv && !json && columns) {
      throw BadInput.in(file, "columns of a .csv or .jsonl file only", "a file of lines");
    }
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()));
    try {
      reader.mark(1);
      if (reader.read() != '\uFEFF') {
        reader.reset();
      }
      Iterator<CSVRecord> records = null;
      if (csv) {
        CSVParser parser = CSVParser.parse(reader, CSV);
        checkColumn(file, parser.getHeaderNames(), textColumn);
        checkColumn(file, parser.getHeaderNames(), source.labelColumn());
        checkColumn(file, parser.getHeaderNames(), source.groupColumn());
        records = parser.iterator();
      }
      return new TextSource(source, reader, records);
    } catch (CharacterCodingException e) {
      reader.close();
      throw malformed(file);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static void checkColumn(Path file, List<String> columns, @Nullable String name) {
    if (name != null && !columns.contains(name)) {
      throw BadInput.in(file, "a column named '" + name + "'", "the columns " + columns);
    }
  }

  /** The next text, or null at the end. */
  public @Nullable StoreText next() throws IOException {
    try {
      if (records != null) {
        return records.hasNext() ? record(records.next()) : null;
      }
      String line = reader.readLine();
      row++;
      if (line == null || textColumn == null) {
        return line == null ? null : new StoreText(line, null);
      }
      return line.isBlank() ? next() : object(line);
    } catch (CharacterCodingException e) {
      throw malformed(file);
    } catch (CSVException e) {
      throw BadInput.in(file, "a CSV file by RFC 4180", String.valueOf(e.getMessage()));
    } catch (UncheckedIOException | IllegalStateException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw malformed(file);
      }
      throw BadInput.in(file, "a CSV file by RFC 4180", String.valueOf(e.getMessage()));
    }
  }

  private StoreText record(CSVRecord record) {
    if (!record.isConsistent()) {
      throw BadInput.in(
          file,
          "as many fields as the header in record " + record.getRecordNumber(),
          record.size() + "");
    }
    return new StoreText(
        record.get(textColumn),
        labelColumn == null ? null : record.get(labelColumn),
        groupColumn == null ? null : group(record.get(groupColumn)));
  }

  private StoreText object(String line) {
    try {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      String text = field(object, textColumn);
      return new StoreText(
          String.valueOf(text),
          labelColumn == null ? null : field(object, labelColumn),
          groupColumn == null ? null : group(object));
    } catch (JsonParseException | IllegalStateException e) {
      throw BadInput.in(
          file, "a JSON object in line " + row, line.substring(0, Math.min(40, line.length())));
    }
  }

  private @Nullable String group(JsonObject object) {
    JsonElement value = object.get(groupColumn);
    return value != null && value.isJsonNull() ? null : group(field(object, groupColumn));
  }

  /** A text without a group is one of its own. */
  private static @Nullable String group(@Nullable String name) {
    return name == null || name.isBlank() ? null : name;
  }

  private @Nullable String field(JsonObject object, @Nullable String name) {
    JsonElement value = object.get(name);
    if (value == null || !value.isJsonPrimitive()) {
      throw BadInput.in(
          file, "a text or number '" + name + "' in line " + row, "the fields " + object.keySet());
    }
    return value.getAsString();
  }

  private static BadInput malformed(Path file) {
    return BadInput.in(file, "text in UTF-8", "bytes that are not UTF-8");
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
