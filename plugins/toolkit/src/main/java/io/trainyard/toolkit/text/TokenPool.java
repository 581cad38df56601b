package io.trainyard.toolkit.text;

import java.util.Arrays;

/**
 * Numbers distinct tokens in the order in which they are first seen. One thread.
 *
 * <p>A million words of 8 letters take 30 MB here: 16 for the letters, 12 for where they begin, their hash and their
 * slot. A map of strings takes 120. And to look a token up makes no string of it.
 */
final class TokenPool {
  private char[] chars = new char[1 << 12];
  private int[] ends = new int[1 << 8];
  private int[] hashes = new int[1 << 8];

  /** Numbers plus one, found by their hash; 0 is free. At most half of it is taken. */
  private int[] slots = new int[1 << 9];

  private int size;

  int size() {
    return size;
  }

  /** Its number; a new one if it is new. */
  int add(char[] token, int from, int to) {
    int hash = hash(token, from, to);
    int slot = slot(token, from, to, hash);
    return slots[slot] > 0 ? slots[slot] - 1 : insert(token, from, to, hash, slot);
  }

  int add(String token) {
    return add(token.toCharArray(), 0, token.length());
  }

  /** Its number, -1 if it was never seen. */
  int find(char[] token, int from, int to) {
    return slots[slot(token, from, to, hash(token, from, to))] - 1;
  }

  int find(String token) {
    return find(token.toCharArray(), 0, token.length());
  }

  String get(int number) {
    int start = start(number);
    return new String(chars, start, ends[number] - start);
  }

  /** Adds a token of this pool to another one; its number there. */
  int copyTo(TokenPool other, int number) {
    return other.add(chars, start(number), ends[number]);
  }

  private int start(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  private int slot(char[] token, int from, int to, int hash) {
    int mask = slots.length - 1;
    for (int slot = hash & mask; ; slot = slot + 1 & mask) {
      int number = slots[slot] - 1;
      if (number < 0
          || hashes[number] == hash && Arrays.equals(chars, start(number), ends[number], token, from, to)) {
        return slot;
      }
    }
  }

  private int insert(char[] token, int from, int to, int hash, int slot) {
    int start = start(size);
    int end = start + to - from;
    if (end > chars.length) {
      chars = Arrays.copyOf(chars, Math.max(end, chars.length + (chars.length >> 1)));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
      hashes = Arrays.copyOf(hashes, 2 * size);
    }
    System.arraycopy(token, from, chars, start, to - from);
    ends[size] = end;
    hashes[size] = hash;
    slots[slot] = ++size;
    if (2 * size > slots.length) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int number = 0; number < size; number++) {
      int slot = hashes[number] & mask;
      while (slots[slot] > 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = number + 1;
    }
  }

  private static int hash(char[] token, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + token[i];
    }
    // The low bits choose the slot: mix the high ones in.
    hash *= 0x9E3779B9;
    return hash ^ hash >>> 15;
  }
}
