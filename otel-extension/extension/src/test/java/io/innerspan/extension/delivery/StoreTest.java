package io.innerspan.extension.delivery;

import static io.innerspan.extension.delivery.Stores.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliverySignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final long LATER = TimeUnit.MINUTES.toNanos(1);

  @TempDir Path temporary;
  private final Drops drops = new Drops();

  private Path directory() {
    return temporary.resolve("delivery");
  }

  @Test
  void put_twoSignals_keepsEachInItsOrder() throws Exception {
    Store store = Stores.in(directory(), 1 << 20, drops);

    store.put(request(DeliverySignal.SPAN, "one"), 0);
    store.put(request(DeliverySignal.LOG, "other"), 0);
    store.put(request(DeliverySignal.SPAN, "two"), 0);

    assertThat(Stores.bodies(directory(), DeliverySignal.SPAN)).containsExactly("one", "two");
    assertThat(store.items(DeliverySignal.SPAN)).isEqualTo(2);
    assertThat(store.bytes()).isEqualTo(3 * Stores.BLOCK);
    assertThat(new String(store.read(store.first(DeliverySignal.SPAN)), "UTF-8")).isEqualTo("one");
  }

  @Test
  void open_madeFolder_letsNobodyElseIn() throws Exception {
    Store store = Stores.in(directory(), 1 << 20, drops);

    store.open(0);

    try (var all = Files.walk(directory())) {
      for (Path folder : all.filter(Files::isDirectory).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
            .isEqualTo("rwx------");
      }
    }
  }

  @Test
  void put_limitReached_givesUpTheOldestOfWhatTakesMost() throws Exception {
    Store store = Stores.in(directory(), 4 * Stores.BLOCK, drops);
    store.put(request(DeliverySignal.LOG, "log"), 0);
    store.put(request(DeliverySignal.SPAN, "one"), 0);
    store.put(request(DeliverySignal.SPAN, "two"), 0);
    store.put(request(DeliverySignal.FINDING, "finding"), 0);

    assertThat(store.put(request(DeliverySignal.METRIC, "metric"), 0)).isNotNull();

    assertThat(Stores.bodies(directory(), DeliverySignal.SPAN)).containsExactly("two");
    assertThat(Stores.bodies(directory(), DeliverySignal.LOG)).containsExactly("log");
    assertThat(drops.count(DeliverySignal.SPAN, DeliveryDropReason.DISK_FULL)).isEqualTo(1);
    assertThat(store.bytes()).isEqualTo(4 * Stores.BLOCK);
  }

  @Test
  void put_findingsFillTheLimit_areKeptAndOthersFindNoPlace() throws Exception {
    Store store = Stores.in(directory(), 3 * Stores.BLOCK, drops);
    store.put(request(DeliverySignal.SPAN, "span"), 0);

    for (String id : List.of("a", "b", "c")) {
      assertThat(store.put(request(DeliverySignal.FINDING, id), 0)).isNotNull();
    }

    assertThat(store.put(request(DeliverySignal.FINDING, "d"), 0)).isNull();
    assertThat(store.put(request(DeliverySignal.SPAN, "span"), 0)).isNull();
    assertThat(Stores.bodies(directory(), DeliverySignal.FINDING)).containsExactly("a", "b", "c");
    assertThat(drops.count(DeliverySignal.SPAN, DeliveryDropReason.DISK_FULL)).isEqualTo(1);
  }

  @Test
  void put_firstIsBeingSent_isNotGivenUp() throws Exception {
    Store store = Stores.in(directory(), 2 * Stores.BLOCK, drops);
    store.put(request(DeliverySignal.SPAN, "one"), 0).sending = true;
    store.put(request(DeliverySignal.SPAN, "two"), 0);

    store.put(request(DeliverySignal.SPAN, "three"), 0);

    assertThat(Stores.bodies(directory(), DeliverySignal.SPAN)).containsExactly("one", "three");
  }

  @Test
  void put_moreThanTheLimit_findsNoPlaceAndCostsNothing() throws Exception {
    Store store = Stores.in(directory(), 2 * Stores.BLOCK, drops);
    store.put(request(DeliverySignal.SPAN, "one"), 0);

    assertThat(store.put(request(DeliverySignal.LOG, "x".repeat(10_000)), 0)).isNull();

    assertThat(Stores.bodies(directory(), DeliverySignal.SPAN)).containsExactly("one");
  }

  @Test
  void put_directoryCannotBeMade_findsNoPlaceUntilItCan() throws Exception {
    Files.writeString(directory(), "a file, where a folder is expected");
    Store store = Stores.in(directory(), 1 << 20, drops);
    store.open(0);

    assertThat(store.put(request(DeliverySignal.SPAN, "one"), 1)).isNull();
    Files.delete(directory());

    assertThat(store.put(request(DeliverySignal.SPAN, "one"), 2)).as("not tried so soon").isNull();
    assertThat(store.put(request(DeliverySignal.SPAN, "one"), LATER)).isNotNull();
  }

  @Test
  void put_diskItselfFull_othersGiveWayToFindingsOnly() throws Exception {
    SmallDisk disk = new SmallDisk(directory(), 2);
    Store store = new Store(directory(), 1 << 20, drops, folder -> disk);
    store.put(request(DeliverySignal.SPAN, "one"), 0);
    store.put(request(DeliverySignal.SPAN, "two"), 0);

    assertThat(store.put(request(DeliverySignal.SPAN, "three"), 0)).isNull();
    assertThat(store.put(request(DeliverySignal.FINDING, "finding"), LATER)).isNotNull();

    assertThat(Stores.bodies(directory(), DeliverySignal.FINDING)).containsExactly("finding");
    assertThat(Stores.bodies(directory(), DeliverySignal.SPAN)).containsExactly("two");
  }

  /** A disk that takes so many files, and no more. */
  private static final class SmallDisk extends RequestFolder {
    private int free;

    SmallDisk(Path directory, int files) throws IOException {
      super(RequestFolder.create(directory, 1));
      free = files;
    }

    @Override
    Stored write(Request request) throws IOException {
      if (free == 0) {
        throw new IOException("No space left on device");
      }
      free--;
      return super.write(request);
    }

    @Override
    void delete(Stored stored) throws IOException {
      free++;
      super.delete(stored);
    }
  }

  @Test
  void open_foldersOfEndedJvms_areTakenOverTheOldestFirst() throws Exception {
    leave(20, "c");
    leave(10, "a", "b");

    Store store = Stores.in(directory(), 1 << 20, drops);
    store.open(0);
    store.put(request(DeliverySignal.SPAN, "d"), 0);

    assertThat(Stores.bodies(directory(), DeliverySignal.SPAN)).containsExactly("a", "b", "c", "d");
    try (var folders = Files.list(directory())) {
      assertThat(folders).hasSize(1);
    }
  }

  @Test
  void open_folderOfALivingJvm_isLeftAlone() throws Exception {
    Store living = Stores.in(directory(), 1 << 20, drops);
    living.put(request(DeliverySignal.SPAN, "its own"), 0);

    Store store = Stores.in(directory(), 1 << 20, drops);
    store.open(0);

    assertThat(store.isEmpty(DeliverySignal.SPAN)).isTrue();
    assertThat(new String(living.read(living.first(DeliverySignal.SPAN)), "UTF-8"))
        .isEqualTo("its own");
  }

  @Test
  void open_moreLeftThanTheLimit_keepsTheNewest() throws Exception {
    leave(10, "a", "b", "c");

    Store store = Stores.in(directory(), 2 * Stores.BLOCK, drops);
    store.open(0);

    assertThat(Stores.bodies(directory(), DeliverySignal.SPAN)).containsExactly("b", "c");
    assertThat(drops.count(DeliverySignal.SPAN, DeliveryDropReason.DISK_FULL)).isEqualTo(1);
  }

  @Test
  void open_unfinishedAndForeignFiles_areNoRequests() throws Exception {
    Path folder = leave(10, "a");
    Files.writeString(folder.resolve("0000000000000007-1.span.tmp"), "half");
    Files.writeString(folder.resolve("notes.txt"), "foreign");
    Files.writeString(folder.resolve("0000000000000009-1.trace"), "of another version");

    Store store = Stores.in(directory(), 1 << 20, drops);
    store.open(0);

    assertThat(store.items(DeliverySignal.SPAN)).isEqualTo(1);
    assertThat(Stores.files(directory()).stream().map(f -> f.getFileName().toString()))
        .contains("notes.txt", "0000000000000009-1.trace")
        .noneMatch(name -> name.endsWith(".tmp"));
  }

  @Test
  void read_damagedFile_saysWhatIsWrong() throws Exception {
    Store store = Stores.in(directory(), 1 << 20, drops);
    Stored stored = store.put(request(DeliverySignal.SPAN, "one"), 0);
    byte[] content = Files.readAllBytes(stored.file());

    content[content.length - 1] ^= 1;
    Files.write(stored.file(), content);
    assertThatThrownBy(() -> store.read(stored))
        .isInstanceOf(RequestFile.DamagedException.class)
        .hasMessageContaining("checksum");
    Files.write(stored.file(), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> store.read(stored)).hasMessageContaining("something else");
  }

  @Test
  void close_nothingWaits_leavesNothingBehind() throws Exception {
    Store store = Stores.in(directory(), 1 << 20, drops);
    store.remove(store.put(request(DeliverySignal.SPAN, "one"), 0));

    store.close();

    try (var folders = Files.list(directory())) {
      assertThat(folders).isEmpty();
    }
  }

  /** What a JVM left that began at a time and ended. */
  private Path leave(long millis, String... spans) throws IOException {
    RequestFolder folder = RequestFolder.create(directory(), millis);
    for (String span : spans) {
      folder.write(request(DeliverySignal.SPAN, span));
    }
    folder.close();
    assertThat(folder.path().getFileName().toString())
        .startsWith(String.format(Locale.ROOT, "jvm-%013d-", millis));
    return folder.path();
  }
}
