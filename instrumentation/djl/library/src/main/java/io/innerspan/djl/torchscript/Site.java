package io.innerspan.djl.torchscript;

/**
 * Where an activation is read: from the sink of tapped modules, or from the outputs.
 *
 * @param key an expression that is true when it is there; empty when it always is
 * @param value the expression of the tensor
 */
record Site(String key, String value) {
  static Site tap(int number) {
    return new Site(
        "torch.__contains__(" + ScriptNames.SINK + ", " + number + ")",
        ScriptNames.SINK + "[" + number + "]");
  }
}
