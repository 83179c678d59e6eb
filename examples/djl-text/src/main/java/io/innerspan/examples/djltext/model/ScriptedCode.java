package io.innerspan.examples.djltext.model;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The classifier's classes in TorchScript. */
final class ScriptedCode {
  private static final String PARTS =
      """
      class Embedding(Module):
        __parameters__ = ["weight", ]
        __buffers__ = []
        weight : Tensor
        training : bool
        def forward(self: __torch__.classifier.Embedding,
          input: Tensor) -> Tensor:
          weight = self.weight
          return torch.embedding(weight, input)
      class Positions(Module):
        __parameters__ = ["weight", ]
        __buffers__ = []
        weight : Tensor
        training : bool
        def forward(self: __torch__.classifier.Positions,
          input: Tensor) -> Tensor:
          weight = self.weight
          tokens = torch.size(input, 1)
          return torch.slice(weight, 0, 0, tokens, 1)
      class Linear(Module):
        __parameters__ = ["weight", "bias", ]
        __buffers__ = []
        weight : Tensor
        bias : Tensor
        training : bool
        def forward(self: __torch__.classifier.Linear,
          input: Tensor) -> Tensor:
          bias = self.bias
          weight = self.weight
          return torch.linear(input, weight, bias)
      class LayerNorm(Module):
        __parameters__ = ["weight", "bias", ]
        __buffers__ = []
        weight : Tensor
        bias : Tensor
        training : bool
        def forward(self: __torch__.classifier.LayerNorm,
          input: Tensor) -> Tensor:
          bias = self.bias
          weight = self.weight
          input0 = torch.layer_norm(input, [WIDTH], weight, bias)
          return input0
      """;

  private static final String LAYER =
      """
      class Attention(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        query : __torch__.classifier.Linear
        key : __torch__.classifier.Linear
        value : __torch__.classifier.Linear
        output : __torch__.classifier.Linear
        def forward(self: __torch__.classifier.Attention,
          x: Tensor,
          bias: Tensor) -> Tensor:
          query = self.query
          key = self.key
          value = self.value
          output = self.output
          size = torch.size(x, 0)
          tokens = torch.size(x, 1)
          q = torch.transpose(torch.view((query).forward(x, ), [size, tokens, HEADS, PART]), 1, 2)
          k = torch.transpose(torch.view((key).forward(x, ), [size, tokens, HEADS, PART]), 1, 2)
          v = torch.transpose(torch.view((value).forward(x, ), [size, tokens, HEADS, PART]), 1, 2)
          scores = torch.div(torch.matmul(q, torch.transpose(k, -1, -2)), ROOT)
          pattern = torch.softmax(torch.add(scores, bias), -1)
          context = torch.transpose(torch.matmul(pattern, v), 1, 2)
          return (output).forward(torch.reshape(context, [size, tokens, WIDTH]), )
      class Layer(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        attention : __torch__.classifier.Attention
        attention_norm : __torch__.classifier.LayerNorm
        inner : __torch__.classifier.Linear
        outer : __torch__.classifier.Linear
        output_norm : __torch__.classifier.LayerNorm
        def forward(self: __torch__.classifier.Layer,
          x: Tensor,
          bias: Tensor) -> Tensor:
          attention = self.attention
          attention_norm = self.attention_norm
          inner = self.inner
          outer = self.outer
          output_norm = self.output_norm
          x0 = (attention_norm).forward(torch.add(x, (attention).forward(x, bias, )), )
          hidden = torch.gelu((inner).forward(x0, ))
          _0 = torch.add(x0, (outer).forward(hidden, ))
          return (output_norm).forward(_0, )
      """;

  private static final String ROOT =
      """
      class Layers(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
      DECLARED
      class Classifier(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        words : __torch__.classifier.Embedding
        positions : __torch__.classifier.Positions
        norm : __torch__.classifier.LayerNorm
        layers : __torch__.classifier.Layers
        head : __torch__.classifier.Linear
        def forward(self: __torch__.classifier.Classifier,
          input_ids: Tensor,
          attention_mask: Tensor) -> Tensor:
          words = self.words
          positions = self.positions
          norm = self.norm
          layers = self.layers
          head = self.head
          real = torch.to(attention_mask, 6)
          masked = torch.mul(torch.add(torch.neg(real), 1.), -10000.)
          bias = torch.unsqueeze(torch.unsqueeze(masked, 1), 2)
          known = torch.add((words).forward(input_ids, ), (positions).forward(input_ids, ))
          x0 = (norm).forward(known, )
      CALLS
          weights = torch.unsqueeze(real, 2)
          summed = torch.sum(torch.mul(xLAST, weights), [1])
          return (head).forward(torch.div(summed, torch.sum(weights, [1])), )
      """;

  /** The source of the file {@code __torch__/classifier.py}. */
  static String of(Size size) {
    int part = size.width() / size.heads();
    String declared = lines(size, "  __annotations__[\"%1$d\"] = __torch__.classifier.Layer");
    String calls =
        lines(
            size,
            "    _%1$d = getattr(layers, \"%1$d\")\n    x%2$d = (_%1$d).forward(x%1$d, bias, )");
    return (PARTS + LAYER + ROOT)
        .replace("WIDTH", Integer.toString(size.width()))
        .replace("HEADS", Integer.toString(size.heads()))
        .replace("PART", Integer.toString(part))
        .replace("ROOT", Double.toString(Math.sqrt(part)))
        .replace("DECLARED", declared)
        .replace("CALLS", calls)
        .replace("LAST", Integer.toString(size.layers()));
  }

  private static String lines(Size size, String format) {
    return IntStream.range(0, size.layers())
        .mapToObj(layer -> String.format(Locale.ROOT, format, layer, layer + 1))
        .collect(Collectors.joining("\n"));
  }

  private ScriptedCode() {}
}
