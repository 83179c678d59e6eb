package io.innerspan.mcp.javaagent;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a message: records of the SDK with a component {@code meta}, or maps as they
 * come from JSON.
 */
final class Parameters {
  private static final String META_OF_RECORD = "meta";
  private static final String META_OF_MAP = "_meta";

  /** How to make a record again with another {@code meta}; one for each kind of record. */
  private static final ClassValue<Copier> COPIERS =
      new ClassValue<>() {
        @Override
        protected Copier computeValue(Class<?> type) {
          return Copier.of(type);
        }
      };

  /** A value of the parameters, or null. */
  static @Nullable Object value(@Nullable Object parameters, String name) {
    if (parameters instanceof Map<?, ?> map) {
      return map.get(name);
    }
    return parameters instanceof Record
        ? COPIERS.get(parameters.getClass()).get(parameters, name)
        : null;
  }

  /** A value of the parameters that is text, or null. */
  static @Nullable String text(@Nullable Object parameters, String name) {
    return value(parameters, name) instanceof String text ? text : null;
  }

  /** What the sender put into {@code _meta}; empty when that is nothing. */
  static Map<?, ?> meta(@Nullable Object parameters) {
    Object meta = value(parameters, parameters instanceof Map ? META_OF_MAP : META_OF_RECORD);
    return meta instanceof Map<?, ?> map ? map : Map.of();
  }

  /**
   * The same parameters with another {@code _meta}.
   *
   * @param meta what was in it is put there, too
   * @return null when these parameters have no place for it
   */
  static @Nullable Object with(@Nullable Object parameters, Map<String, Object> meta)
      throws ReflectiveOperationException {
    meta(parameters).forEach((key, value) -> meta.put(String.valueOf(key), value));
    if (parameters == null || parameters instanceof Map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      if (parameters instanceof Map<?, ?> map) {
        copy.putAll(map);
      }
      copy.put(META_OF_MAP, meta);
      return copy;
    }
    return parameters instanceof Record
        ? COPIERS.get(parameters.getClass()).with(parameters, meta)
        : null;
  }

  /** Reads and copies one kind of record. */
  private record Copier(
      RecordComponent[] components, @Nullable Constructor<?> constructor, int at) {
    static Copier of(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      if (components == null) {
        return new Copier(new RecordComponent[0], null, -1);
      }
      Class<?>[] types = new Class<?>[components.length];
      int at = -1;
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        if (components[i].getName().equals(META_OF_RECORD) && types[i] == Map.class) {
          at = i;
        }
      }
      try {
        return new Copier(components, type.getConstructor(types), at);
      } catch (NoSuchMethodException e) {
        return new Copier(components, null, at);
      }
    }

    @Nullable Object get(Object value, String name) {
      for (RecordComponent component : components) {
        if (component.getName().equals(name)) {
          try {
            return component.getAccessor().invoke(value);
          } catch (ReflectiveOperationException e) {
            return null; // Not public: as if it were not there.
          }
        }
      }
      return null;
    }

    @Nullable Object with(Object value, Map<String, Object> meta)
        throws ReflectiveOperationException {
      if (at < 0 || constructor == null) {
        return null;
      }
      @Nullable Object[] values = new Object[components.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = i == at ? meta : components[i].getAccessor().invoke(value);
      }
      return constructor.newInstance(values);
    }
  }
}
