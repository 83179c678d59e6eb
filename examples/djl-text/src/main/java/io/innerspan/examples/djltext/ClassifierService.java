package io.innerspan.examples.djltext;

import ai.djl.MalformedModelException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.modality.Classifications;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * Classifies texts over HTTP: {@code POST /classify} with a text.
 *
 * <p>Arguments: the port on the loopback address, of which 0 takes a free one, which is printed;
 * the folder of the model and its tokenizer.
 */
public final class ClassifierService {
  private static final String MODEL = "classifier";

  public static void main(String[] args)
      throws IOException, ModelNotFoundException, MalformedModelException {
    int port = Integer.parseInt(args[0]);
    Path folder = Path.of(args[1]);
    HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/classify", new ClassifyHandler(load(folder, tokenizer)));
    server.setExecutor(Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors()));
    server.start();
    System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
  }

  static ZooModel<String, Classifications> load(Path folder, HuggingFaceTokenizer tokenizer)
      throws IOException, ModelNotFoundException, MalformedModelException {
    return Criteria.builder()
        .setTypes(String.class, Classifications.class)
        .optEngine("PyTorch")
        .optModelPath(folder)
        .optModelName(MODEL)
        .optTranslator(new RequestTranslator(tokenizer))
        .build()
        .loadModel();
  }

  private ClassifierService() {}
}
