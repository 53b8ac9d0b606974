/** What the panel keeps, by key. Never throws: where the browser denies storage it keeps in memory. */
export interface Kept {
  get(key: string): string | undefined
  set(key: string, value: string): void
  remove(key: string): void
  keys(start: string): string[]
  clear(): void
}

/** Opens one of the browser's storages; `find` may throw, as the mere look at `localStorage` does in some frames. */
export function openStorage(prefix: string, find: () => Storage): Kept {
  const memory = new Map<string, string>()
  const storage = findUsable(prefix, find)

  /** A full or revoked storage must not take the chat down. */
  function guard<T>(use: (storage: Storage) => T): T | undefined {
    try {
      return storage && use(storage)
    } catch {
      return undefined
    }
  }

  const kept: Kept = {
    get: (key) => memory.get(key) ?? guard((s) => s.getItem(prefix + key)) ?? undefined,
    set(key, value) {
      const isKept = guard((s) => {
        s.setItem(prefix + key, value)
        return true
      })
      if (isKept) memory.delete(key)
      else memory.set(key, value)
    },
    remove(key) {
      memory.delete(key)
      guard((s) => s.removeItem(prefix + key))
    },
    keys(start) {
      const lasting = guard((s) => Object.keys(s)) ?? []
      const found = lasting
        .filter((key) => key.startsWith(prefix))
        .map((k) => k.slice(prefix.length))
      return [...new Set([...found, ...memory.keys()])].filter((key) => key.startsWith(start))
    },
    clear() {
      for (const key of kept.keys('')) kept.remove(key)
    },
  }
  return kept
}

function findUsable(prefix: string, find: () => Storage) {
  try {
    const storage = find()
    // Some private windows have a storage that refuses to store.
    storage.setItem(prefix, '')
    storage.removeItem(prefix)
    return storage
  } catch {
    return undefined
  }
}
