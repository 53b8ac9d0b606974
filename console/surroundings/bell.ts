export type Ring = 'offer' | 'message'

export interface Bell {
  /** Plays nothing until the person has touched the page: browsers forbid it before. */
  ring(kind: Ring): void
}

const tunes: Record<Ring, readonly { frequency: number; at: number; length: number }[]> = {
  offer: [
    { frequency: 659.3, at: 0, length: 0.28 },
    { frequency: 880, at: 0.16, length: 0.5 },
  ],
  message: [{ frequency: 784, at: 0, length: 0.22 }],
}

/** Two soft tones for an offer, one for a message, made on the spot: no file to load. */
export function createBell(target: EventTarget): Bell {
  let audio: AudioContext | undefined

  const unlock = () => {
    audio ??= 'AudioContext' in globalThis ? new AudioContext() : undefined
    void audio?.resume()
  }
  target.addEventListener('pointerdown', unlock, { passive: true })
  target.addEventListener('keydown', unlock, { passive: true })

  return {
    ring(kind) {
      if (audio?.state !== 'running') return
      for (const tone of tunes[kind]) {
        const start = audio.currentTime + tone.at
        const source = audio.createOscillator()
        const volume = audio.createGain()
        source.type = 'sine'
        source.frequency.value = tone.frequency
        volume.gain.setValueAtTime(0.0001, start)
        volume.gain.exponentialRampToValueAtTime(0.16, start + 0.02)
        volume.gain.exponentialRampToValueAtTime(0.0001, start + tone.length)
        source.connect(volume).connect(audio.destination)
        source.start(start)
        source.stop(start + tone.length + 0.02)
      }
    },
  }
}
