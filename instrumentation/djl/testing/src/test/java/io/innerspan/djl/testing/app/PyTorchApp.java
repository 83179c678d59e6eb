package io.innerspan.djl.testing.app;

/** Every kind of prediction on DJL's PyTorch engine; the argument is a TorchScript file. */
final class PyTorchApp {
  public static void main(String[] arguments) throws Exception {
    Predictions.script(arguments[0]);
    Predictions.imperative();
    Predictions.oneByOne();
    Predictions.subclass();
    Predictions.subclassWithoutSuper();
    Predictions.subclassWithItsOwnForward();
    Predictions.nested();
    Predictions.failingInput();
    Predictions.failingForward();
    Streams.readToTheEnd();
    Streams.closeEarly();
    Streams.readInAnotherThread();
    Streams.fail();
    Streams.predictMeanwhile();
    Training.run();
  }

  private PyTorchApp() {}
}
