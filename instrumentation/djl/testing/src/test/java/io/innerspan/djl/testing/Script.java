package io.innerspan.djl.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** TorchScript archives of modules without weights. */
final class Script {
  /** Doubles its input. */
  private static final String DOUBLER =
      """
      class Doubler(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Doubler,
          x: Tensor) -> Tensor:
          return torch.mul(x, 2)
      """;

  /** Scales the activations of a module within by a half, and sums them over the tokens. */
  private static final String SUMMER =
      """
      class Scaler(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Scaler,
          x: Tensor) -> Tensor:
          return torch.mul(x, SCALE)
      class Summer(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        hidden : __torch__.Scaler
        def forward(self: __torch__.Summer,
          x: Tensor) -> Tensor:
          hidden = self.hidden
          scaled = (hidden).forward(x, )
          return torch.sum(scaled, [1])
      """;

  /** Embeds token ids from 0 to 9 by numbers without weights, and makes four scores of them. */
  private static final String CLASSIFIER =
      """
      class Embedding(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Embedding,
          ids: Tensor) -> Tensor:
          numbers = torch.arange(40, dtype=6, layout=0, device=torch.device("cpu"))
          return torch.embedding(torch.reshape(torch.sin(numbers), [10, 4]), ids)
      class Classifier(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        embeds : __torch__.Embedding
        def forward(self: __torch__.Classifier,
          ids: Tensor) -> Tensor:
          embeds = self.embeds
          x = (embeds).forward(ids, )
          return torch.sum(torch.mul(x, torch.exp(torch.mean(x, [1], True))), [1])
      """;

  /**
   * Two layers of attention and a network over token ids from 0 to 39, whose weights are sines; and
   * three scores of the real tokens' mean.
   */
  private static final String TRANSFORMER =
      """
      class Layer(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def weight(self: __torch__.Layer, step: float) -> Tensor:
          numbers = torch.arange(64, dtype=6, layout=0, device=torch.device("cpu"))
          return torch.reshape(torch.sin(torch.mul(numbers, step)), [8, 8])
        def forward(self: __torch__.Layer,
          x: Tensor,
          bias: Tensor) -> Tensor:
          query = torch.matmul(x, (self).weight(1., ))
          key = torch.matmul(x, (self).weight(2., ))
          value = torch.matmul(x, (self).weight(3., ))
          scores = torch.add(torch.matmul(query, torch.transpose(key, 1, 2)), bias)
          attended = torch.matmul(torch.softmax(scores, 2), value)
          normed = torch.layer_norm(torch.add(x, attended), [8])
          hidden = torch.relu(torch.matmul(normed, (self).weight(4., )))
          return torch.layer_norm(torch.add(normed, hidden), [8])
      class Transformer(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        first : __torch__.Layer
        second : __torch__.Layer
        def forward(self: __torch__.Transformer,
          input_ids: Tensor,
          attention_mask: Tensor) -> Tensor:
          first = self.first
          second = self.second
          numbers = torch.arange(320, dtype=6, layout=0, device=torch.device("cpu"))
          words = torch.reshape(torch.sin(numbers), [40, 8])
          real = torch.to(attention_mask, 6)
          bias = torch.unsqueeze(torch.mul(torch.sub(real, 1.), 10000.), 1)
          x = torch.embedding(words, input_ids)
          x0 = (first).forward(x, bias, )
          x1 = (second).forward(x0, bias, )
          sum = torch.sum(torch.mul(x1, torch.unsqueeze(real, 2)), [1])
          pooled = torch.div(sum, torch.sum(real, [1], True))
          return torch.slice(pooled, 1, 0, 3)
      """;

  /** As the summer, of a half and of what it is given and what it counts. */
  private static final String KEEPER =
      SUMMER
          .replace("Summer", "Keeper")
          .replace("  hidden : ", "  kept : int\n  hidden : ")
          .replace("  scaled = ", "  kept = self.kept\n    scaled = ")
          .replace(".forward(x, )", ".forward(torch.add(x, kept), )")
          .replace("  return torch.sum", "  self.kept = torch.add(kept, 1)\n    return torch.sum");

  /** As the summer of a half, with a parameter that hides what methods of ours would call. */
  private static final String HIDER =
      SUMMER
          .replace("Summer", "Hider_")
          .replace("SCALE", "0.5")
          .replace(
              "    x: Tensor) -> Tensor:\n    hidden", "    torch: Tensor) -> Tensor:\n    hidden")
          .replace(".forward(x, )", ".forward(torch, )")
          .replace("torch.sum(scaled, [1])", "ops.aten.sum(scaled, [1])");

  /** As the summer, and adds noise. */
  private static final String DRAWER =
      SUMMER
          .replace("Summer", "Drawer")
          .replace("torch.sum(scaled, [1])", "torch.add(torch.sum(scaled, [1]), torch.rand([3]))");

  /** A pickle of {@code Doubler} with {@code training = False}. */
  private static final String DOUBLER_OBJECT =
      "\u0080\2c__torch__\nDoubler\n)\u0081}(X\b\0\0\0training\u0089ub.";

  /** A pickle of {@code Summer} with a {@code Scaler}, both with {@code training = False}. */
  private static final String SUMMER_OBJECT =
      "\u0080\2c__torch__\nSummer\n)\u0081}(X\b\0\0\0training\u0089"
          + "X\6\0\0\0hiddenc__torch__\nScaler\n)\u0081}(X\b\0\0\0training\u0089ubub.";

  private static final String KEEPER_OBJECT =
      SUMMER_OBJECT
          .replace("Summer", "Keeper")
          .replace("X\6\0\0\0hidden", "X\4\0\0\0keptK\0X\6\0\0\0hidden");

  private static final String DRAWER_OBJECT = SUMMER_OBJECT.replace("Summer", "Drawer");

  private static final String CLASSIFIER_OBJECT =
      SUMMER_OBJECT
          .replace("Summer", "Classifier")
          .replace("hidden", "embeds")
          .replace("Scaler", "Embedding");

  private static final String LAYER_OBJECT =
      "c__torch__\nLayer\n)\u0081}(X\b\0\0\0training\u0089ub";

  private static final String TRANSFORMER_OBJECT =
      "\u0080\2c__torch__\nTransformer\n)\u0081}(X\b\0\0\0training\u0089X\5\0\0\0first"
          + LAYER_OBJECT
          + "X\6\0\0\0second"
          + LAYER_OBJECT
          + "ub.";

  private static final String NO_CONSTANTS = "\u0080\2).";

  static Path doubler(Path file) throws IOException {
    return write(file, DOUBLER, DOUBLER_OBJECT);
  }

  /**
   * A model of {@code [batch, tokens, width]} with a module {@code hidden}.
   *
   * @param scale what that multiplies its input by
   */
  static Path summer(Path file, double scale) throws IOException {
    return write(file, SUMMER.replace("SCALE", Double.toString(scale)), SUMMER_OBJECT);
  }

  /** A summer of a half that adds to its input how often it has run. */
  static Path keeper(Path file) throws IOException {
    return write(file, KEEPER.replace("SCALE", "0.5"), KEEPER_OBJECT);
  }

  /** A summer of a half to which no method can be added that calls anything of torch. */
  static Path hider(Path file) throws IOException {
    return write(file, HIDER, SUMMER_OBJECT.replace("Summer", "Hider_"));
  }

  /** A summer of a half with random numbers in what it gives. */
  static Path drawer(Path file) throws IOException {
    return write(file, DRAWER.replace("SCALE", "0.5"), DRAWER_OBJECT);
  }

  /** A model of token ids {@code [batch, tokens]} with a module {@code embeds}. */
  static Path classifier(Path file) throws IOException {
    return write(file, CLASSIFIER, CLASSIFIER_OBJECT);
  }

  /** A model of {@code input_ids} and {@code attention_mask} with modules {@code first, second}. */
  static Path transformer(Path file) throws IOException {
    return write(file, TRANSFORMER, TRANSFORMER_OBJECT);
  }

  private static Path write(Path file, String code, String object) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      add(zip, "data.pkl", object);
      add(zip, "code/__torch__.py", code);
      add(zip, "constants.pkl", NO_CONSTANTS);
      add(zip, "version", "3\n");
    }
    return file;
  }

  private static void add(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    ZipEntry entry = new ZipEntry("model/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private Script() {}
}
