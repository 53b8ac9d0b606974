/** What outlives a reload, as text under a name. Never throws. */
export interface Keep {
  read(name: string): string | undefined
  write(name: string, text: string): void
  remove(name: string): void
  names(prefix: string): string[]
  /** Another tab wrote or removed this name. */
  onForeignChange(listener: (name: string) => void): () => void
}

const prefix = 'parley.'

/** Local storage where it is allowed, memory where it is not or where it is full. */
export function createKeep(storage: Storage | undefined, target?: EventTarget): Keep {
  const memory = new Map<string, string>()
  return {
    read(name) {
      const held = memory.get(name)
      if (held !== undefined) return held
      try {
        return storage?.getItem(prefix + name) ?? undefined
      } catch {
        return undefined
      }
    },
    write(name, text) {
      try {
        if (!storage) throw new Error('no storage')
        storage.setItem(prefix + name, text)
        memory.delete(name)
      } catch {
        memory.set(name, text)
      }
    },
    remove(name) {
      memory.delete(name)
      try {
        storage?.removeItem(prefix + name)
      } catch {
        // Without storage there is nothing to remove.
      }
    },
    names(start) {
      const found = new Set([...memory.keys()].filter((name) => name.startsWith(start)))
      try {
        for (let index = 0; index < (storage?.length ?? 0); index++) {
          const key = storage?.key(index)
          if (key?.startsWith(prefix + start)) found.add(key.slice(prefix.length))
        }
      } catch {
        // Storage is denied: what is in memory is all there is.
      }
      return [...found]
    },
    onForeignChange(listener) {
      const hear = (event: Event) => {
        const key = (event as StorageEvent).key
        if (key?.startsWith(prefix)) listener(key.slice(prefix.length))
      }
      target?.addEventListener('storage', hear)
      return () => target?.removeEventListener('storage', hear)
    },
  }
}

/** Reading the property alone throws where storage is denied. */
export function findLocalStorage(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
