/** Where the load goes. */
export type Target =
  | { kind: 'relay'; port: number }
  | {
      kind: 'parley'
      port: number
      publicUrl: string
      siteKey: string
      siteOrigin: string
      /** One for each agent's socket. */
      tickets: string[]
    }

/** What the parent asks of the load generator. */
export type LoadCommand =
  | { do: 'connect'; target: Target; chats: number }
  | { do: 'run'; seconds: number; perChat: number; isClosedLoop: boolean }
  | { do: 'idle'; target: Target; count: number }
  | { do: 'handshakes'; seconds: number; width: number }
  | { do: 'disconnect' }

export interface RunFigures {
  sent: number
  delivered: number
  perSecond: number
  ackMs: { p50: number; p99: number }
  deliveryMs: { p50: number; p99: number }
}

export interface LoadResult {
  run?: RunFigures
  handshakes?: { count: number; perSecond: number }
}
