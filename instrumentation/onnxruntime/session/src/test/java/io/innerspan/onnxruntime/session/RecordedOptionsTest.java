package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal.Reason;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedOptionsTest {
  private final RecordedOptions recorded = new RecordedOptions();

  @Test
  void refusal_ofOrdinaryOptions_isNone() throws Exception {
    record("setIntraOpNumThreads", int.class, 2);
    record("addCPU", boolean.class, true);
    record("setOptimizationLevel", SessionOptions.OptLevel.class, SessionOptions.OptLevel.ALL_OPT);
    assertThat(recorded.refusal(false)).isNull();
  }

  @Test
  void refusal_ofASavedModel_saysSo() throws Exception {
    record("setOptimizedModelFilePath", String.class, "model.onnx");
    assertThat(recorded.refusal(true)).extracting(Refusal::reason).isEqualTo(Reason.SESSION_OPTION);
  }

  @Test
  void refusal_ofAnotherProvider_namesIt_unlessAllowed() throws Exception {
    record("addCUDA", int.class, 0);
    assertThat(recorded.refusal(false))
        .isEqualTo(
            new Refusal(Reason.EXECUTION_PROVIDER, "execution provider CUDA is not the CPU's"));
    assertThat(recorded.refusal(true)).isNull();
  }

  @Test
  void refusal_ofAProfiledSession_saysSo_unlessSwitchedOffAgain() throws Exception {
    record("enableProfiling", String.class, "profile");
    assertThat(recorded.refusal(true)).extracting(Refusal::reason).isEqualTo(Reason.SESSION_OPTION);
    record("disableProfiling", new Class<?>[0]);
    assertThat(recorded.refusal(true)).isNull();
  }

  @Test
  void snapshot_isNotChangedByLaterCalls() throws Exception {
    RecordedOptions before = recorded.snapshot();
    record("setOptimizedModelFilePath", String.class, "model.onnx");
    assertThat(before.refusal(true)).isNull();
    assertThat(recorded.refusal(true)).isNotNull();
  }

  @Test
  void create_makesWorkingOptions_withoutWritingProfiles(@TempDir Path folder) throws Exception {
    record("setIntraOpNumThreads", int.class, 1);
    record("enableProfiling", String.class, folder.resolve("profile").toString());
    record("setSymbolicDimensionValue", new Class<?>[] {String.class, long.class}, "batch", 2L);
    try (SessionOptions options = recorded.create();
        OrtSession session =
            OrtEnvironment.getEnvironment()
                .createSession(TransformerFixture.postNorm().bytes(), options)) {
      // The dimension's override shows that the calls were made again.
      assertThat(session.getInputInfo().get("input_ids").toString()).contains("[2, -1]");
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void settings_areTheCallsInForce_sorted_withoutDefaultsAndLogging() throws Exception {
    assertThat(recorded.settings()).isEmpty();
    record("setIntraOpNumThreads", int.class, 1);
    record("setIntraOpNumThreads", int.class, 2);
    record("setOptimizationLevel", SessionOptions.OptLevel.class, SessionOptions.OptLevel.ALL_OPT);
    record(
        "setExecutionMode",
        SessionOptions.ExecutionMode.class,
        SessionOptions.ExecutionMode.PARALLEL);
    record("setLoggerId", String.class, "mine");
    Class<?>[] entry = {String.class, String.class};
    record("addConfigEntry", entry, "session.set_denormal_as_zero", "1");
    record("addCPU", boolean.class, true);
    assertThat(recorded.settings())
        .containsExactly(
            "addCPU(true)",
            "addConfigEntry(session.set_denormal_as_zero, 1)",
            "setExecutionMode(PARALLEL)",
            "setIntraOpNumThreads(2)");
    record("setIntraOpNumThreads", int.class, 0);
    assertThat(recorded.settings()).noneMatch(setting -> setting.contains("IntraOp"));
  }

  private void record(String name, Class<?> type, Object argument) throws Exception {
    record(name, new Class<?>[] {type}, argument);
  }

  private void record(String name, Class<?>[] types, Object... arguments) throws Exception {
    Method method = SessionOptions.class.getMethod(name, types);
    recorded.add(method, arguments);
  }
}
