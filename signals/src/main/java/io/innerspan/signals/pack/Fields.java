package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of one JSON object: each has its type, and none is left unread. */
final class Fields {
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
  private static final int MAX_NUMBER = 64;

  private final String path;
  private final Map<?, ?> values;
  private final Set<String> read = new HashSet<>();

  private Fields(String path, Map<?, ?> values) {
    this.path = path;
    this.values = values;
  }

  static Fields of(String path, Object value) {
    if (value instanceof Map<?, ?> values) {
      return new Fields(path, values);
    }
    throw new InvalidValueException(path.isEmpty() ? "JSON" : path, "an object", describe(value));
  }

  /** The field's place in the document. */
  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Fields object(String name) {
    return of(at(name), required(name, "an object"));
  }

  boolean isText(String name) {
    return values.get(name) instanceof String;
  }

  String text(String name) {
    Object value = required(name, "a text");
    if (value instanceof String text) {
      return text;
    }
    throw new InvalidValueException(at(name), "a text", describe(value));
  }

  @Nullable String optionalText(String name) {
    return has(name) ? text(name) : null;
  }

  double number(String name) {
    return number(at(name), required(name, "a number"));
  }

  private static double number(String place, Object value) {
    if (value instanceof Json.Numeral number && number.literal().length() <= MAX_NUMBER) {
      double parsed = Double.parseDouble(number.literal());
      if (Double.isFinite(parsed)) {
        return parsed;
      }
    }
    throw new InvalidValueException(place, "a finite number", describe(value));
  }

  long integer(String name) {
    return integer(at(name), required(name, "an integer"));
  }

  private static long integer(String path, Object value) {
    if (value instanceof Json.Numeral number && INTEGER.matcher(number.literal()).matches()) {
      return Long.parseLong(number.literal());
    }
    throw new InvalidValueException(path, "an integer", describe(value));
  }

  /** An integer within the range of an int; what lies beyond stays beyond any sensible limit. */
  int whole(String name) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(integer(name), Integer.MAX_VALUE));
  }

  double number(String name, double otherwise) {
    return has(name) ? number(name) : otherwise;
  }

  boolean flag(String name, boolean otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    Object value = required(name, "true or false");
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw new InvalidValueException(at(name), "true or false", describe(value));
  }

  /** The texts of a list. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : list(name)) {
      if (!(element instanceof String text)) {
        throw new InvalidValueException(
            at(name) + "[" + texts.size() + "]", "a text", describe(element));
      }
      texts.add(text);
    }
    return texts;
  }

  /** The integers of a list. */
  List<Long> integers(String name) {
    List<Long> integers = new ArrayList<>();
    for (Object element : list(name)) {
      integers.add(integer(at(name) + "[" + integers.size() + "]", element));
    }
    return integers;
  }

  /** The numbers of a list. */
  List<Double> numbers(String name) {
    return numbers(at(name), list(name));
  }

  /** The lists of numbers of a list. */
  List<List<Double>> numberRows(String name) {
    List<List<Double>> rows = new ArrayList<>();
    for (Object element : list(name)) {
      String place = at(name) + "[" + rows.size() + "]";
      if (!(element instanceof List<?> row)) {
        throw new InvalidValueException(place, "a list", describe(element));
      }
      rows.add(numbers(place, row));
    }
    return rows;
  }

  private static List<Double> numbers(String place, List<?> elements) {
    List<Double> numbers = new ArrayList<>();
    for (Object element : elements) {
      numbers.add(number(place + "[" + numbers.size() + "]", element));
    }
    return numbers;
  }

  /** An object that maps names of the author's choice to texts. */
  Map<String, String> textMap(String name) {
    Fields fields = object(name);
    Map<String, String> map = new LinkedHashMap<>();
    for (Object key : fields.values.keySet()) {
      map.put((String) key, fields.text((String) key));
    }
    return map;
  }

  /** The names of all fields. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    values.keySet().forEach(name -> names.add((String) name));
    return names;
  }

  /** Whether the field is there and holds something other than {@code null} or {@code false}. */
  boolean isOn(String name) {
    Object value = values.get(name);
    return value != null && value != Json.Null.NULL && !Boolean.FALSE.equals(value);
  }

  /** The field as people read it, for messages; {@code null} if it is not there. */
  String shown(String name) {
    Object value = values.get(name);
    return value == null ? "null" : describe(value);
  }

  /** The objects of a list. */
  List<Fields> objects(String name) {
    List<Fields> objects = new ArrayList<>();
    for (Object element : list(name)) {
      objects.add(of(at(name) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  private List<?> list(String name) {
    Object value = required(name, "a list");
    if (value instanceof List<?> list) {
      return list;
    }
    throw new InvalidValueException(at(name), "a list", describe(value));
  }

  List<Fields> optionalObjects(String name) {
    return has(name) ? objects(name) : List.of();
  }

  /** An object that maps names of the author's choice to objects. */
  Map<String, Fields> map(String name) {
    Fields fields = object(name);
    Map<String, Fields> map = new LinkedHashMap<>();
    for (Object key : fields.values.keySet()) {
      map.put((String) key, fields.object((String) key));
    }
    return map;
  }

  /** Makes a value of this object's fields; its faults are told with this object's place. */
  <T> T build(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidValueException fault) {
      throw path.isEmpty() ? fault : fault.under(path);
    }
  }

  /** Refuses fields that nobody read: a misspelt option must not be ignored in silence. */
  void refuseUnread() {
    for (Object name : values.keySet()) {
      if (!read.contains(name)) {
        throw new InvalidValueException(
            at((String) name), "only fields that the schema knows", "this one");
      }
    }
  }

  static String describe(Object value) {
    if (value instanceof String text) {
      return "'" + text + "'";
    }
    if (value instanceof Map) {
      return "an object";
    }
    return value instanceof List ? "a list" : value.toString();
  }

  private Object required(String name, String expected) {
    Object value = values.get(name);
    if (value == null) {
      throw new InvalidValueException(at(name), expected, "nothing");
    }
    read.add(name);
    return value;
  }
}
