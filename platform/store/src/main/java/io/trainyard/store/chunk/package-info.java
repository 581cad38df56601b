/**
 * Points of series in immutable, compressed, checksummed chunks, and the reading of them.
 *
 * <h2>A chunk</h2>
 *
 * Some 8192 points of one series of one attempt, ordered by step, then time, then arrival. {@link
 * io.trainyard.store.chunk.Columns} cuts each column into byte planes, so that what repeats is not spoilt by what is
 * noise: a real float32 loss takes 3.2 bytes, its step nothing, its time 0 to 0.5. {@link
 * io.trainyard.store.chunk.Levels} has the summaries of every 256 points (0.11 bytes a point), the frame's head that of
 * the whole chunk. It decodes at 100 M points a second on one core, so there are no levels between: whatever a question
 * for 1000 buckets asks, chunks, granules or points are few enough (see {@link
 * io.trainyard.store.chunk.BucketBuilder}).
 *
 * <h2>A file</h2>
 *
 * <pre>
 * chunks/00000001.chk   header: magic, version, number, CRC32C
 *                       frames: chunk | tombstones | commit
 * frame                 magic, kind, four lengths, CRC32C of each part; CRC32C of that with file number and offset
 *                       meta | levels | payload
 * chunk                 meta: run, attempt, series, journal sequence, order of arrival, summary
 * tombstones            places of chunks that count no more: merged into others, or purged; always written twice
 * commit                next order; all files with their sizes and what lives in them
 * </pre>
 *
 * A group of frames counts from its commit on. {@code sync} forces the frames, writes the commit, forces again: so a
 * commit on the disk proves that what is before it was there, a bad frame before the last commit is damage, and what
 * follows the last commit is a torn tail that was promised to nobody. That one rule makes a merge (new chunks,
 * tombstones for the old) and a purge atomic without further thought. Only the damage of the last commit itself looks
 * like a torn tail; the journal's snapshot remembers the position that was synced, and gives it to {@link
 * io.trainyard.store.chunk.ChunkFiles#open}.
 *
 * <h2>Out of order</h2>
 *
 * Late points get chunks of their own that overlap others. A question divides the chunks into lanes: the heaviest set
 * that do not overlap is read by summaries, the rest point by point and added to what they lie in; the answer is exact
 * before a merge as after it, only dearer. {@link io.trainyard.store.chunk.ChunkMerger} makes one sequence of what
 * overlaps. The order of arrival is a number of the chunk, which survives merges and moves, so "the last of equal
 * points" stays the same.
 */
@NullMarked
package io.trainyard.store.chunk;

import org.jspecify.annotations.NullMarked;
