package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.TransformerFixture;
import io.innerspan.testing.mutation.ByteMutator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Logger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to a pack, it is refused or its signals are compiled or refused. */
class PackCompileFuzzTest {
  private static final long SEED = 20261122;
  private static final long MAX_ALLOCATED = 64L << 20;

  @TempDir Path folder;
  private final List<Map<String, byte[]>> packs = new ArrayList<>();
  private final List<OnnxModel> models = new ArrayList<>();

  @BeforeEach
  void write() throws Exception {
    for (ProbePack pack : FuzzPacks.all()) {
      Path path = folder.resolve(pack.name());
      PackWriter.write(path, pack);
      packs.add(contents(path));
    }
    models.add(OnnxModel.scan(ByteBuffer.wrap(TransformerFixture.postNorm().bytes())));
    for (SmallModel model : SmallModels.where(small -> small.traits().classes() > 0)) {
      models.add(OnnxModel.scan(ByteBuffer.wrap(model.bytes())));
    }
  }

  private static Map<String, byte[]> contents(Path path) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        files.put(String.valueOf(entry.getFileName()), Files.readAllBytes(entry));
      }
    }
    return files;
  }

  @Test
  void read_undamagedPacks_areCompiled() throws Exception {
    for (Map<String, byte[]> files : packs) {
      ProbePack pack = PackReader.read(written(-1, files));
      Overlay overlay = OverlayCompiler.compile(models.get(0), pack.signals(), Set.of());
      assertThat(overlay.isEmpty()).as(overlay.refusals().toString()).isFalse();
    }
  }

  @Test
  void readAndCompile_damagedPack_isRefusedOrCompiled() throws Exception {
    int cases = FuzzRun.count("packs", 400);
    FuzzRun run = new FuzzRun(MAX_ALLOCATED);
    Map<String, Integer> outcomes = run.run(cases, SEED, this::one);
    Logger.getLogger("PackCompileFuzzTest")
        .info(() -> outcomes + ", at most " + run.mostAllocated() + " bytes");
    if (cases >= 400) {
      assertThat(outcomes).containsKeys("refused", "compiled");
    }
  }

  private String one(int number, Random random) throws Exception {
    Map<String, byte[]> good = packs.get(number % packs.size());
    boolean zipped = random.nextInt(5) == 0;
    Path path;
    if (zipped) {
      Map<String, byte[]> files =
          random.nextBoolean() ? good : new PackMutator(random).mutate(good);
      byte[] zip = zip(files);
      path = folder.resolve("case-" + number + ".zip");
      Files.write(path, files == good ? new ByteMutator(random).mutate(zip) : zip);
    } else {
      path = written(number, new PackMutator(random).mutate(good));
    }
    try {
      return compile(path, models.get(random.nextBoolean() ? 0 : random.nextInt(models.size())));
    } finally {
      delete(path);
    }
  }

  private static String compile(Path path, OnnxModel model) {
    ProbePack pack;
    try {
      pack = PackReader.read(path);
    } catch (PackException e) {
      assertThat(e.getMessage()).startsWith("pack ").contains(": expected ").doesNotContain("\n");
      return "refused";
    }
    Overlay overlay = OverlayCompiler.compile(model, pack.signals(), Set.of(), Gating.BY_COST);
    assertThat(overlay.signals().size() + overlay.refusals().size())
        .isEqualTo(pack.signals().size());
    return overlay.isEmpty() ? "nothing fits" : "compiled";
  }

  private Path written(int number, Map<String, byte[]> files) throws IOException {
    Path path = Files.createDirectories(folder.resolve("case-" + number));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(path.resolve(file.getKey()), file.getValue());
    }
    return path;
  }

  private static byte[] zip(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      for (String file : contents(path).keySet()) {
        Files.delete(path.resolve(file));
      }
    }
    Files.delete(path);
  }
}
