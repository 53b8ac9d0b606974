import { WebSocket } from 'ws'

export interface Frame {
  type: string
  [field: string]: unknown
}

/** How long a test waits for a frame before it fails. A limit, not a delay: frames are taken as they come. */
const patienceMs = 5_000

/** A socket spoken to frame by frame, without the client's cleverness: what tests of the server need. */
export async function openWire(
  url: string,
  origin: string | undefined,
  headers: Record<string, string> = {},
) {
  const socket = new WebSocket(
    url.replace(/^http/, 'ws'),
    origin === undefined ? { headers } : { origin, headers },
  )
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  let refs = 0
  let closed: { code: number; reason: string } | undefined

  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame
    if (frame.type === 'ping') socket.send('{"type":"pong"}')
    frames.push(frame)
    for (const look of waiting) look()
  })
  socket.on('close', (code, reason) => {
    closed = { code, reason: String(reason) }
    for (const look of waiting) look()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })

  /** Waits until `find` finds something; fails loudly when it does not in time, or when the socket closes first. */
  function until<Found>(find: () => Found | undefined, what: string, survivesClose = false) {
    return new Promise<Found>((resolve, reject) => {
      const finish = (end: () => void) => {
        clearTimeout(timer)
        waiting.delete(look)
        end()
      }
      const fail = (why: string) =>
        finish(() =>
          reject(
            new Error(`${why} while waiting for ${what}: ${JSON.stringify(frames.slice(-5))}`),
          ),
        )
      const look = () => {
        const found = find()
        if (found !== undefined) finish(() => resolve(found))
        else if (closed && !survivesClose) fail(`closed with ${closed.code}`)
      }
      const timer = setTimeout(() => fail('nothing came'), patienceMs)
      waiting.add(look)
      look()
    })
  }

  return {
    frames,
    socket,
    sendRaw: (frame: object | string) =>
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    /** The first frame, of those that came and those to come, that fits. */
    next: (fits: (frame: Frame) => boolean) => until(() => frames.find(fits), String(fits)),
    /** Sends a command and gives its answer, `ok` or `failed`. */
    ask(type: string, fields: object = {}): Promise<Frame> {
      refs += 1
      const ref = String(refs)
      socket.send(JSON.stringify({ type, ref, ...fields }))
      return until(() => frames.find((frame) => frame['ref'] === ref), `the answer to ${type}`)
    },
    closing: () => until(() => closed, 'the end of the socket', true),
    get isClosed() {
      return closed !== undefined
    },
    close: () => socket.terminate(),
  }
}
export type Wire = Awaited<ReturnType<typeof openWire>>
