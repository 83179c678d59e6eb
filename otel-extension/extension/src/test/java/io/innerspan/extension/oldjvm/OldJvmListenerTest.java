package io.innerspan.extension.oldjvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.javaagent.tooling.BeforeAgentListener;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OldJvmListenerTest {
  private static final int JAVA_8 = 52;

  @ParameterizedTest
  @ValueSource(
      classes = {
        OldJvmListener.class,
        PropertiesCustomizer.class,
        FileCustomizer.class,
        SpanEndsComponent.class
      })
  void classFile_isForJava8(Class<?> type) throws IOException {
    try (InputStream bytes = type.getResourceAsStream(type.getSimpleName() + ".class");
        DataInputStream file = new DataInputStream(bytes)) {
      assertThat(file.readInt()).isEqualTo(0xCAFEBABE);
      file.readUnsignedShort();
      assertThat(file.readUnsignedShort()).isEqualTo(JAVA_8);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.7, true",
    "1.8, true",
    "9, true",
    "10, true",
    "11, true",
    "16, true",
    "17, false",
    "21, false",
    "25, false",
    "100, false",
    "unknown, false"
  })
  void isTooOld_isTrueBelow17(String specificationVersion, boolean tooOld) {
    assertThat(OldJvmListener.isTooOld(specificationVersion)).isEqualTo(tooOld);
  }

  @Test
  void services_bringBothListeners() {
    assertThat(ServiceLoader.load(BeforeAgentListener.class).stream())
        .extracting(provider -> provider.type().getName())
        .contains(
            "io.innerspan.extension.oldjvm.OldJvmListener",
            "io.innerspan.extension.InnerspanListener");
  }
}
