package io.trainyard.store.chunk;

import java.util.List;

/**
 * Chunks that take the place of others once {@link ChunkFiles#sync} has returned: the index swaps them then, in one go.
 *
 * @param gone superseded
 * @param fresh what holds their points now; empty when they were purged
 */
public record Move(SeriesKey key, List<ChunkRef> gone, List<ChunkRef> fresh) {}
