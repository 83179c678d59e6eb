package io.innerspan.workbench.data;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file (RFC 4180, UTF-8, with a header).
 *
 * @param file where it was read from
 * @param columns the header's names
 * @param records the records in order
 */
public record CsvTable(Path file, List<String> columns, List<CSVRecord> records) {
  private static final CSVFormat RFC_4180 =
      CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          .get();

  /** Reads a whole file; every record has as many fields as the header. */
  public static CsvTable read(Path file) {
    String content = readText(file);
    if (content.isBlank()) {
      throw BadInput.in(file, "a CSV file with a header", "an empty file");
    }
    try (Reader reader = new StringReader(content);
        CSVParser parser = CSVParser.parse(reader, RFC_4180)) {
      List<CSVRecord> records = parser.getRecords();
      for (CSVRecord record : records) {
        if (!record.isConsistent()) {
          throw BadInput.in(
              file,
              parser.getHeaderNames().size() + " fields in record " + record.getRecordNumber(),
              String.valueOf(record.size()));
        }
      }
      return new CsvTable(file, parser.getHeaderNames(), records);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw BadInput.in(file, "a CSV file by RFC 4180", String.valueOf(e.getMessage()));
    }
  }

  /** The values of a column, by record; the file must have it. */
  public List<String> column(String name) {
    if (!columns.contains(name)) {
      throw BadInput.in(file, "a column named '" + name + "'", "the columns " + columns);
    }
    return records.stream().map(record -> record.get(name)).toList();
  }

  /** Reads a text file in UTF-8, without a byte-order mark; malformed bytes are refused. */
  static String readText(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(InputFile.existing(file));
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw BadInput.in(file, "text in UTF-8", "bytes that are not UTF-8");
    }
  }
}
