package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal.Reason;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The calls that an application made on its session options, to make equal ones later: it may close
 * its own as soon as its session is open. Thread-safe.
 */
public final class RecordedOptions implements OptionsFactory {
  private static final Set<String> CPU_PROVIDERS = Set.of("addCPU", "addXnnpack");

  /** Names execution providers by the devices that they run on, since 1.23. */
  private static final String BY_DEVICE = "addExecutionProvider";

  /** Calls that name no execution provider. */
  private static final Set<String> OTHER_ADDITIONS =
      Set.of("addConfigEntry", "addExternalInitializers", "addInitializer");

  /** Replaying these would write a second file. */
  private static final Set<String> FILE_WRITERS = Set.of("enableProfiling", "disableProfiling");

  /** Calls that say how much is logged. */
  private static final Set<String> IRRELEVANT =
      Set.of("setLoggerId", "setSessionLogLevel", "setSessionLogVerbosityLevel");

  /** What ONNX Runtime does when nothing is set, in all versions that are supported. */
  private static final Set<String> DEFAULTS =
      Set.of(
          "setOptimizationLevel(ALL_OPT)",
          "setExecutionMode(SEQUENTIAL)",
          "setIntraOpNumThreads(0)",
          "setInterOpNumThreads(0)",
          "setCPUArenaAllocator(true)",
          "setMemoryPatternOptimization(true)",
          "setDeterministicCompute(false)");

  private record Call(Method method, Object[] arguments) {}

  private final List<Call> calls;

  /** No calls yet. */
  public RecordedOptions() {
    this(new ArrayList<>());
  }

  private RecordedOptions(List<Call> calls) {
    this.calls = calls;
  }

  /** The calls up to now: an application may go on setting its options for its next session. */
  public synchronized RecordedOptions snapshot() {
    return new RecordedOptions(new ArrayList<>(calls));
  }

  /** Records one successful call. */
  public synchronized void add(Method method, Object[] arguments) {
    calls.add(new Call(method, arguments.clone()));
  }

  /**
   * Why a session with these options is not grafted.
   *
   * @param anyProvider whether execution providers other than CPU are allowed
   * @return null when it can be
   */
  public synchronized @Nullable Refusal refusal(boolean anyProvider) {
    boolean profiled = false;
    for (Call call : calls) {
      String name = call.method().getName();
      if (name.equals("setOptimizedModelFilePath")) {
        return new Refusal(
            Reason.SESSION_OPTION,
            "the optimized model is saved to a file, which would hold the graft");
      }
      if (name.equals("addExternalInitializers") || name.equals("addInitializer")) {
        return new Refusal(
            Reason.SESSION_OPTION,
            "initializers are replaced in the session options: the model's digest says nothing");
      }
      if (FILE_WRITERS.contains(name)) {
        profiled = name.equals("enableProfiling");
      }
      if (!anyProvider && isOtherProvider(name)) {
        return new Refusal(
            Reason.EXECUTION_PROVIDER,
            "execution provider " + provider(call) + " is not the CPU's");
      }
    }
    return profiled
        ? new Refusal(
            Reason.SESSION_OPTION,
            "the session is profiled: its profile would hold the graft and lack the runs before it")
        : null;
  }

  private static String provider(Call call) {
    String name = call.method().getName();
    // Devices come with options of their providers' own, those of the CPU too.
    return name.equals(BY_DEVICE)
        ? "chosen by device (" + devices(call.arguments()[0]) + ")"
        : name.substring("add".length());
  }

  /** What the devices' providers are called; the oldest version compiled against has none. */
  private static String devices(Object devices) {
    Set<String> names = new TreeSet<>();
    for (Object device : (List<?>) devices) {
      try {
        names.add(String.valueOf(device.getClass().getMethod("getEpName").invoke(device)));
      } catch (ReflectiveOperationException e) {
        names.add(String.valueOf(device));
      }
    }
    return String.join(", ", names);
  }

  private static boolean isOtherProvider(String name) {
    return name.startsWith("add")
        && !CPU_PROVIDERS.contains(name)
        && !OTHER_ADDITIONS.contains(name);
  }

  @Override
  public OrtSession.SessionOptions create() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    try {
      for (Call call : copy()) {
        if (!FILE_WRITERS.contains(call.method().getName())) {
          call.method().invoke(options, call.arguments());
        }
      }
      return options;
    } catch (InvocationTargetException e) {
      options.close();
      if (e.getCause() instanceof OrtException cause) {
        throw cause;
      }
      throw new IllegalStateException("session options could not be made again", e.getCause());
    } catch (IllegalAccessException e) {
      options.close();
      throw new IllegalStateException("session options could not be made again", e);
    }
  }

  @Override
  public List<String> settings() {
    Map<String, String> last = new LinkedHashMap<>();
    List<String> settings = new ArrayList<>();
    for (Call call : copy()) {
      String name = call.method().getName();
      String text = text(call);
      if (IRRELEVANT.contains(name) || FILE_WRITERS.contains(name)) {
        continue;
      }
      if (name.startsWith("set")) {
        last.put(name, text); // The last call of a setter is in force.
      } else {
        settings.add(text);
      }
    }
    last.values().stream().filter(text -> !DEFAULTS.contains(text)).forEach(settings::add);
    settings.sort(null);
    return List.copyOf(settings);
  }

  private static String text(Call call) {
    List<String> arguments = new ArrayList<>();
    for (Object argument : call.arguments()) {
      arguments.add(argument instanceof Enum<?> constant ? constant.name() : text(argument));
    }
    return call.method().getName() + "(" + String.join(", ", arguments) + ")";
  }

  private static String text(@Nullable Object argument) {
    return argument instanceof Object[] array
        ? Arrays.deepToString(array)
        : String.valueOf(argument);
  }

  private synchronized List<Call> copy() {
    return List.copyOf(calls);
  }
}
