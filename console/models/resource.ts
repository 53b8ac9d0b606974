import { signal, type ReadonlySignal } from '@preact/signals'

export interface Resource<Value> {
  /** Undefined until it came. Keeps what it has while it is asked for again. */
  readonly value: ReadonlySignal<Value | undefined>
  readonly failure: ReadonlySignal<unknown>
  load(): Promise<void>
  /** Puts right what an answer to a change tells. */
  change(change: (value: Value) => Value): void
}

/** Something that the server keeps, as last heard of. */
export function createResource<Value>(get: () => Promise<Value>): Resource<Value> {
  const value = signal<Value | undefined>(undefined)
  const failure = signal<unknown>(undefined)
  let latest = 0
  return {
    value,
    failure,
    async load() {
      const turn = ++latest
      try {
        const loaded = await get()
        if (turn !== latest) return
        value.value = loaded
        failure.value = undefined
      } catch (error) {
        if (turn === latest) failure.value = error
      }
    },
    change(change) {
      const held = value.peek()
      if (held !== undefined) value.value = change(held)
    },
  }
}

/** Puts a changed thing in the place of its older self, or at the end. */
export function replaced<Thing extends { id: string }>(
  things: readonly Thing[],
  changed: Thing,
): readonly Thing[] {
  return things.some(({ id }) => id === changed.id)
    ? things.map((thing) => (thing.id === changed.id ? changed : thing))
    : [...things, changed]
}
