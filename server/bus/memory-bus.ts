import type { Bus, BusMessage } from './bus.ts'

/** The bus of a single process: everyone hears everything, in order, at once. */
export function createMemoryBus(onError: (error: unknown) => void): Bus {
  const listeners = new Set<(message: BusMessage) => void>()
  return {
    publish(message) {
      for (const listener of listeners) {
        try {
          listener(message)
        } catch (error) {
          // One deaf listener must not keep the others from hearing, nor undo what is committed.
          onError(error)
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
