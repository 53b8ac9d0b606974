/** Bounds of the wire, in one place: both sides count with the same numbers. */
export const limits = {
  /** Largest frame from a client, bytes of UTF-8. */
  frameBytes: 64 * 1024,
  /** Longest message, UTF-16 code units, as `String.length` counts them. */
  messageText: 4_000,
  /** Longest typing preview that is passed on. */
  previewText: 400,
  /** Events in one page of a resume. */
  resumePage: 200,
  /** Rows in one page of a list. */
  listPage: 50,
  name: 80,
  email: 254,
  url: 2_048,
  title: 200,
  reason: 200,
} as const

/** Heartbeat and patience of both sides, milliseconds (SPEC 3). */
export const heartbeat = {
  /** The server pings a connection that was silent for this long. */
  pingAfterMs: 10_000,
  /** Either side gives up on a link that was silent for this long. */
  deadAfterMs: 25_000,
  /** The first frame must arrive within this time. */
  helloWithinMs: 5_000,
  /** How long a probe after waking up may take before the link counts as dead. */
  probeMs: 4_000,
} as const
