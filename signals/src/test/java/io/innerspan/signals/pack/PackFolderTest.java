package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackFolderTest {
  @Test
  void scan_goodAndBad_findsEveryGoodOneAndOneErrorPerBadOne(@TempDir Path folder)
      throws IOException {
    PackWriter.write(folder.resolve("d-pack"), TestPacks.small("d", "from_folder"));
    PackWriter.write(folder.resolve("b.zip"), TestPacks.small("b", "from_zip"));
    Files.createDirectory(folder.resolve("a-empty"));
    Files.writeString(folder.resolve("c.zip"), "not a zip");
    PackWriter.write(folder.resolve("e-cut"), TestPacks.small("e", "cut"));
    Files.writeString(folder.resolve("e-cut/weights.safetensors"), "");
    Files.writeString(folder.resolve("README.md"), "not a pack");
    Files.createDirectory(folder.resolve(".hidden"));

    PackFolder found = PackFolder.scan(folder);

    assertThat(found.packs()).extracting(ProbePack::name).containsExactly("b", "d");
    assertThat(found.refusals())
        .extracting(PackException::pack)
        .containsExactly(
            folder.resolve("a-empty").toString(),
            folder.resolve("c.zip").toString(),
            folder.resolve("e-cut").toString());
  }

  @Test
  void scan_oneIdInTwoPacks_refusesTheLaterFileAndNamesBoth(@TempDir Path folder)
      throws IOException {
    Path first = folder.resolve("1");
    Path second = folder.resolve("2");
    PackWriter.write(second, TestPacks.small("second", "same"));
    PackWriter.write(first, TestPacks.small("first", "same"));
    PackWriter.write(folder.resolve("3"), TestPacks.small("third", "other"));

    PackFolder found = PackFolder.scan(folder);

    assertThat(found.packs()).extracting(ProbePack::name).containsExactly("first", "third");
    assertThat(found.refusals())
        .extracting(PackException::kind)
        .containsExactly(PackException.Kind.DUPLICATE_SIGNAL);
    assertThat(found.refusals().get(0))
        .hasMessage(
            "pack %s: probe.json: signal 'same' of 'second 1.0.0': expected an id that no other"
                + " pack claims, found it claimed by 'first 1.0.0' (%s)",
            second, first);
  }

  @Test
  void scan_refusedPack_claimsNoId(@TempDir Path folder) throws IOException {
    PackWriter.write(folder.resolve("1"), TestPacks.small("first", "taken"));
    PackWriter.write(folder.resolve("2"), TestPacks.full());
    PackWriter.write(folder.resolve("3"), TestPacks.small("third", "off_topic"));
    Files.delete(folder.resolve("2/golden.safetensors"));

    assertThat(PackFolder.scan(folder).packs())
        .extracting(ProbePack::name)
        .containsExactly("first", "third");
  }

  @Test
  void scan_folderThatIsAPack_findsIt(@TempDir Path folder) throws IOException {
    PackWriter.write(folder, TestPacks.small("only", "p"));

    assertThat(PackFolder.scan(folder).packs()).extracting(ProbePack::name).containsExactly("only");
  }

  @Test
  void scan_zipThatIsAPack_findsIt(@TempDir Path folder) throws IOException {
    Path zip = folder.resolve("only.zip");
    PackWriter.write(zip, TestPacks.small("only", "p"));
    PackWriter.write(folder.resolve("beside.zip"), TestPacks.small("beside", "q"));

    assertThat(PackFolder.scan(zip).packs()).extracting(ProbePack::name).containsExactly("only");
  }

  @Test
  void scan_linkedPacks_areFollowed(@TempDir Path folder) throws IOException {
    Path packs = Files.createDirectory(folder.resolve("packs"));
    PackWriter.write(folder.resolve("x.zip"), TestPacks.small("zip", "p"));
    PackWriter.write(folder.resolve("y"), TestPacks.small("folder", "q"));
    Files.createSymbolicLink(packs.resolve("a.zip"), folder.resolve("x.zip"));
    Files.createSymbolicLink(packs.resolve("b"), folder.resolve("y"));
    Files.createSymbolicLink(packs.resolve("c.zip"), folder.resolve("gone"));

    PackFolder found = PackFolder.scan(packs);

    assertThat(found.packs()).extracting(ProbePack::name).containsExactly("zip", "folder");
    assertThat(found.refusals()).hasSize(1);
  }

  @Test
  void scan_emptyFolder_findsNothing(@TempDir Path folder) {
    PackFolder found = PackFolder.scan(folder);

    assertThat(found.packs()).isEmpty();
    assertThat(found.refusals()).isEmpty();
  }

  @Test
  void scan_noFolder_isOneError(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(PackFolder.scan(folder.resolve("none")).refusals())
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageEndingWith("a readable folder, found nothing"));
    assertThat(PackFolder.scan(file).refusals())
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageEndingWith("a readable folder, found a file"));
  }

  @Test
  void scan_unreadableFolder_isOneError(@TempDir Path folder) throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    assumeTrue(!Files.isReadable(closed), "who runs this may read everything");

    assertThat(PackFolder.scan(closed).refusals())
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageEndingWith("found no permission"));
  }
}
