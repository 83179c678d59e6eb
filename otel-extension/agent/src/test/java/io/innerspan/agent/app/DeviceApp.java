package io.innerspan.agent.app;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtEpDevice;
import ai.onnxruntime.OrtSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Opens a model on an execution provider chosen by device, and runs it for every line it reads. */
final class DeviceApp {
  public static void main(String[] arguments) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (OrtSession session = open(environment, arguments[0]);
        OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {{3, 1, 4, 1, 5}});
        OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {{1, 1, 1, 1, 0}})) {
      System.out.println("open");
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        try (OrtSession.Result result =
            session.run(Map.of("input_ids", ids, "attention_mask", mask))) {
          System.out.println(result.size() + " " + Bits.of(result.get(0)));
        }
      }
    }
  }

  private static OrtSession open(OrtEnvironment environment, String model) throws Exception {
    List<OrtEpDevice> devices = environment.getEpDevices();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addExecutionProvider(devices, Map.of());
      System.out.println("on " + devices.get(0).getEpName());
      return environment.createSession(model, options);
    }
  }

  private DeviceApp() {}
}
