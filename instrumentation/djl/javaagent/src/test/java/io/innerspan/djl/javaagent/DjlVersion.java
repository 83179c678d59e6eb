package io.innerspan.djl.javaagent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The classes of one version of DJL, read from its jars and not loaded.
 *
 * @param jars its API and, where there is one of this version, the PyTorch engine
 */
record DjlVersion(String version, List<Path> jars) {
  private static final String API = "api-";
  private static final String ENGINE = "pytorch-engine-";

  /** The versions in the folder that Maven names. */
  static Stream<DjlVersion> all() {
    Path folder = Path.of(System.getProperty("innerspan.djl.minors"));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> jars = files.toList();
      return jars.stream()
          .map(Path::getFileName)
          .map(Path::toString)
          .filter(name -> name.startsWith(API))
          .map(name -> name.substring(API.length()))
          .sorted()
          .map(
              version ->
                  new DjlVersion(
                      version.replace(".jar", ""),
                      jars.stream().filter(jar -> isOf(jar, version)).toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOf(Path jar, String version) {
    String name = jar.getFileName().toString();
    return name.equals(API + version) || name.equals(ENGINE + version);
  }

  boolean hasEngine() {
    return jars.size() > 1;
  }

  /** Types as the agent's matchers look at them. */
  TypePool types() throws IOException {
    List<ClassFileLocator> locators = new ArrayList<>();
    for (Path jar : jars) {
      locators.add(ClassFileLocator.ForJarFile.of(jar.toFile()));
    }
    locators.add(ClassFileLocator.ForClassLoader.ofPlatformLoader());
    return TypePool.Default.of(new ClassFileLocator.Compound(locators));
  }

  /** The names of all classes, with dots. */
  Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String name : classes().keySet()) {
      names.add(name.replace('/', '.'));
    }
    return names;
  }

  /**
   * What a class has.
   *
   * @param above its superclass and interfaces
   * @param members names with descriptors
   */
  record Members(List<String> above, Set<String> members) {
    static Members read(ClassReader reader) {
      List<String> above = new ArrayList<>(List.of(reader.getInterfaces()));
      if (reader.getSuperName() != null) {
        above.add(reader.getSuperName());
      }
      Set<String> members = new HashSet<>();
      reader.accept(
          new ClassVisitor(Opcodes.ASM9) {
            @Override
            public FieldVisitor visitField(
                int access, String name, String descriptor, String signature, Object value) {
              members.add(name + descriptor);
              return null;
            }

            @Override
            public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] thrown) {
              members.add(name + descriptor);
              return null;
            }
          },
          ClassReader.SKIP_CODE);
      return new Members(above, members);
    }
  }

  /** All classes by their internal name. */
  Map<String, Members> classes() throws IOException {
    Map<String, Members> classes = new HashMap<>();
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
          JarEntry entry = entries.nextElement();
          if (entry.getName().endsWith(".class")) {
            try (InputStream in = file.getInputStream(entry)) {
              ClassReader reader = new ClassReader(in);
              classes.put(reader.getClassName(), Members.read(reader));
            }
          }
        }
      }
    }
    return classes;
  }

  /** Whether a class or one above it has a member; those of the JDK are looked up there. */
  static boolean has(Map<String, Members> classes, String owner, String member) throws IOException {
    Deque<String> open = new ArrayDeque<>(List.of(owner, "java/lang/Object"));
    while (!open.isEmpty()) {
      String name = open.pop();
      Members members = classes.get(name);
      if (members == null && !name.startsWith("ai/djl/")) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
          members = in == null ? null : Members.read(new ClassReader(in));
        }
      }
      if (members != null) {
        if (members.members().contains(member)) {
          return true;
        }
        open.addAll(members.above());
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return "DJL " + version;
  }
}
