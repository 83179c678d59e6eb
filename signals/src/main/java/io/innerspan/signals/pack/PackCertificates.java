package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The certificates that lie with a pack, as files {@code certificate-….json} beside its manifest.
 * The manifest does not list them: a pack is the same pack with and without certificates.
 *
 * @param certificates those that are whole and of this pack
 * @param refusals one error for each that is not
 */
public record PackCertificates(List<Certificate> certificates, List<PackException> refusals) {
  private static final String PREFIX = "certificate-";
  private static final String SUFFIX = ".json";
  private static final int NAME_DIGITS = 16;
  private static final int MOST_BYTES = 256 << 10;

  /** Each is read when a JVM starts; a zip has room for few more files. */
  private static final int MOST_CERTIFICATES = 32;

  public PackCertificates {
    certificates = List.copyOf(certificates);
    refusals = List.copyOf(refusals);
  }

  static boolean isName(String file) {
    return file.startsWith(PREFIX) && file.endsWith(SUFFIX) && Formats.FILE.matcher(file).matches();
  }

  /** Reads what lies with a pack. */
  public static PackCertificates read(Path folderOrZip, ProbePack pack) {
    List<Certificate> certificates = new ArrayList<>();
    List<PackException> refusals = new ArrayList<>();
    try {
      PackSource source = source(folderOrZip);
      List<String> names = source.names().stream().filter(PackCertificates::isName).toList();
      if (names.size() > MOST_CERTIFICATES) {
        throw new PackException(
            source.name(), "certificates", "files", "at most " + MOST_CERTIFICATES, names.size());
      }
      for (String name : names) {
        try {
          certificates.add(read(source, name, pack));
        } catch (PackException e) {
          refusals.add(e);
        }
      }
    } catch (PackException e) {
      refusals.add(e);
    }
    return new PackCertificates(certificates, refusals);
  }

  private static PackSource source(Path folderOrZip) throws PackException {
    return Files.isDirectory(folderOrZip)
        ? new FolderSource(folderOrZip)
        : ZipSource.open(folderOrZip, PackLimits.DEFAULT);
  }

  private static Certificate read(PackSource source, String name, ProbePack pack)
      throws PackException {
    try {
      Certificate certificate = CertificateFormat.read(source.read(name, MOST_BYTES));
      if (!certificate.pack().equals(pack.digest())) {
        throw new InvalidValueException("pack", pack.digest(), certificate.pack());
      }
      if (!certificate.model().equals(pack.model().sha256())) {
        throw new InvalidValueException("model", pack.model().sha256(), certificate.model());
      }
      return certificate;
    } catch (InvalidValueException fault) {
      throw new PackException(source.name(), name, fault);
    }
  }

  /**
   * Puts a certificate beside a pack's manifest. It takes the place of one for the same
   * circumstances; everything else stays as it is.
   *
   * @return the certificate's file name
   * @throws PackException if the pack cannot be read or written
   */
  public static String write(Path folderOrZip, Certificate certificate) throws PackException {
    String name = name(certificate);
    byte[] bytes = CertificateFormat.write(certificate);
    try {
      if (Files.isDirectory(folderOrZip)) {
        replace(folderOrZip.resolve(name), bytes);
      } else {
        addToZip(folderOrZip, name, bytes);
      }
    } catch (PackException e) {
      throw e;
    } catch (IOException e) {
      throw new PackException(folderOrZip.toString(), name, "to be writable", e);
    }
    return name;
  }

  private static String name(Certificate certificate) {
    String circumstances =
        String.join(
            "\n",
            certificate.engine(),
            certificate.engineVersion(),
            certificate.platform().toString(),
            certificate.sessionOptions().toString());
    byte[] utf8 = circumstances.getBytes(StandardCharsets.UTF_8);
    return PREFIX + Sha256.hex(utf8).substring(0, NAME_DIGITS) + SUFFIX;
  }

  private static void addToZip(Path zip, String name, byte[] bytes) throws IOException {
    PackSource source = source(zip);
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String file : source.names()) {
      ByteBuffer content = source.read(file, PackLimits.DEFAULT.totalBytes());
      files.put(file, Arrays.copyOfRange(content.array(), content.position(), content.limit()));
    }
    files.put(name, bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PackWriter.writeZip(out, files);
    replace(zip.toRealPath(), out.toByteArray());
  }

  /** A reader sees the old file or the new one, never a half. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    // Not a temporary file of the JDK's, which only its owner may read.
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      Files.write(temporary, bytes);
      if (Files.exists(file) && Files.getFileStore(file).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(file));
      }
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
