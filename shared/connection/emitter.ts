import type { Unsubscribe } from './types.ts'

/** Listeners and a way to tell them. One that throws keeps neither the others nor the link from going on. */
export function createEmitter<Value>() {
  const listeners = new Set<{ call(value: Value): void }>()

  return {
    on(call: (value: Value) => void): Unsubscribe {
      // An object of its own: the same function given twice is told twice, and leaves once.
      const listener = { call }
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit(value: Value) {
      // Those of now: one that joins while the others are told was not meant.
      const told = [...listeners]
      for (const listener of told) {
        try {
          if (listeners.has(listener)) listener.call(value)
        } catch (error) {
          // Surfaces as an unhandled rejection, where the page or the process reports it.
          void Promise.reject(error)
        }
      }
    },
  }
}
