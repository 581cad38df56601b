package io.trainyard.store.view;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** An open view.db: all that touches MapDB's builders. Its maps are for any thread. */
record Maps(
    DB db,
    BTreeMap<byte[], byte[]> series,
    BTreeMap<byte[], byte[]> chunks,
    BTreeMap<byte[], byte[]> runs,
    BTreeMap<byte[], byte[]> experiments) {

  /** @param file null: in memory */
  static Maps open(@Nullable Path file) {
    // No cleaner hack: it unmaps under readers. The lock on the folder is the store's own.
    DB db =
        file == null
            ? DBMaker.memoryDB().make()
            : DBMaker.fileDB(file.toFile()).fileMmapEnableIfSupported().fileLockDisable().make();
    return new Maps(db, map(db, "series"), map(db, "chunks"), map(db, "runs"), map(db, "experiments"));
  }

  private static BTreeMap<byte[], byte[]> map(DB db, String name) {
    return db.treeMap(name, Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY).createOrOpen();
  }
}
