package io.trainyard.core.store;

/**
 * Makes a write that is sent twice happen once.
 *
 * @param key what the caller chose
 * @param fingerprint hash of the request: the same key with another fingerprint is {@link StoreException.KeyReused}
 */
public record IdempotencyKey(String key, String fingerprint) {}
