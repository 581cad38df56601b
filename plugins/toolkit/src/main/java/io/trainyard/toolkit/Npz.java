package io.trainyard.toolkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Named arrays in one file that {@code numpy.load} reads: a zip of {@code .npy} files. Used by the thread that trains.
 *
 * <p>Not compressed: weights are noise to a compressor. Version 1.0 of the format,
 * <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">as NumPy describes it</a>, with
 * little-endian numbers, row by row.
 */
public final class Npz {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final Pattern HEADER =
      Pattern.compile("'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \\(([0-9, ]*)\\)");

  private Npz() {}

  /** Writes a file that does not exist yet. */
  public static void write(Path file, Map<String, Array> arrays) throws IOException {
    try (ZipOutputStream zip =
        new ZipOutputStream(
            new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16))) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, Array> one : arrays.entrySet()) {
        byte[] header = header(one.getValue());
        byte[] bytes = one.getValue().bytes;
        CRC32 crc = new CRC32();
        crc.update(header);
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(one.getKey() + ".npy");
        entry.setSize(header.length + bytes.length);
        entry.setCrc(crc.getValue());
        // Two saves of one state are the same bytes.
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(header);
        zip.write(bytes);
        zip.closeEntry();
      }
    }
  }

  /**
   * All arrays of a file, by name.
   *
   * @throws IOException if it is no such file; names it and what is wrong with it
   */
  public static Map<String, Array> read(Path file) throws IOException {
    Map<String, Array> arrays = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        arrays.put(entry.getName().replaceFirst("\\.npy$", ""), array(zip, entry.getName()));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(file + " cannot be read as a checkpoint: " + e.getMessage(), e);
    }
    if (arrays.isEmpty()) {
      throw new IOException(file + " cannot be read as a checkpoint: it is no .npz, or an empty one");
    }
    return arrays;
  }

  private static byte[] header(Array array) {
    String shape = LongStream.of(array.shape).mapToObj(it -> it + ",").collect(Collectors.joining(" "));
    String text = "{'descr': '" + array.type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    // NumPy wants the data at a multiple of 64, and the header to end with a line feed.
    int length = (MAGIC.length + 2 + text.length() + 1 + 63) / 64 * 64;
    byte[] header = new byte[length];
    Arrays.fill(header, (byte) ' ');
    ByteBuffer.wrap(header)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) (length - MAGIC.length - 2))
        .put(text.getBytes(StandardCharsets.US_ASCII));
    header[length - 1] = '\n';
    return header;
  }

  private static Array array(InputStream in, String name) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IOException(name + " is not an array of NumPy's format 1.0");
    }
    int length = Byte.toUnsignedInt(start[MAGIC.length]) | Byte.toUnsignedInt(start[MAGIC.length + 1]) << 8;
    String header = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.find() || matcher.group(2).equals("True")) {
      throw new IOException(name + " has a header that is not understood: " + header.strip());
    }
    long[] shape =
        Arrays.stream(matcher.group(3).split(","))
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    return new Array(matcher.group(1), shape, in.readAllBytes());
  }

  /**
   * Numbers of one type.
   *
   * @param type {@code <f4}, {@code <f8}, {@code <i4}, or {@code |u1} for bytes
   * @param bytes little-endian, row by row
   */
  public record Array(String type, long[] shape, byte[] bytes) {
    static final String FLOAT = "<f4";
    static final String DOUBLE = "<f8";
    static final String INT = "<i4";
    static final String BYTE = "|u1";
    private static final Map<String, Integer> SIZES =
        Map.of(FLOAT, Float.BYTES, DOUBLE, Double.BYTES, INT, Integer.BYTES, BYTE, 1);

    public Array {
      Integer size = SIZES.get(type);
      if (size == null) {
        throw new IllegalArgumentException(
            "arrays of the type " + type + " are not used here, only <f4, <f8, <i4 and |u1");
      }
      if (LongStream.of(shape).reduce((long) size, Math::multiplyExact) != bytes.length) {
        throw new IllegalArgumentException(
            "an array " + Arrays.toString(shape) + " of " + type + " does not have " + bytes.length + " bytes");
      }
    }

    public static Array of(long[] shape, float[] values) {
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      return new Array(FLOAT, shape, bytes.array());
    }

    public static Array of(double[] values) {
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asDoubleBuffer().put(values);
      return new Array(DOUBLE, new long[] {values.length}, bytes.array());
    }

    /** Whole numbers. */
    public static Array of(long[] shape, int[] values) {
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(values);
      return new Array(INT, shape, bytes.array());
    }

    public static Array of(byte[] values) {
      return new Array(BYTE, new long[] {values.length}, values.clone());
    }

    public int[] ints() {
      int[] values = new int[bytes.length / Integer.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
      return values;
    }

    public float[] floats() {
      float[] values = new float[bytes.length / Float.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return values;
    }

    public double[] doubles() {
      double[] values = new double[bytes.length / Double.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
      return values;
    }

    /** Type and shape, for people and for comparing. */
    String kind() {
      return type + Arrays.toString(shape);
    }
  }
}
