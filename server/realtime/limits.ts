import { isOwnAddress } from '../rules/address.ts'
import { Tally } from '../rules/tally.ts'
import { TokenBuckets } from '../rules/token-bucket.ts'

/** New sockets per address: an office behind one address after a power cut, but not a flood. */
const handshakeRule = { burst: 3_000, perSecond: 1_000 }
/** Live sockets per address. */
const maxSockets = 5_000
/** Live sockets per visitor: their tabs share one, so this is many browsers with many dead links. */
const maxSocketsPerVisitor = 40
/** Commands per visitor over all their sockets. */
const visitorRule = { burst: 120, perSecond: 30 }
/** New conversations per address: enough for a network behind one address, too few to fill a queue. */
const startRule = { burst: 500, perSecond: 5 }

/** What strangers may do, whoever they say they are: each connection has limits of its own besides. */
export class Limits {
  readonly handshakes = new TokenBuckets(handshakeRule)
  readonly #sockets = new Tally(maxSockets)
  readonly #visitors = new TokenBuckets(visitorRule)
  readonly #visitorSockets = new Tally(maxSocketsPerVisitor)
  readonly #starts = new TokenBuckets(startRule)

  takeSocket(address: string) {
    return isOwnAddress(address) || this.#sockets.take(address)
  }

  giveSocket(address: string) {
    this.#sockets.give(address)
  }

  takeVisitorSocket(visitor: string) {
    return this.#visitorSockets.take(visitor)
  }

  giveVisitorSocket(visitor: string) {
    this.#visitorSockets.give(visitor)
  }

  /** Milliseconds until the visitor may send one more command; 0 for now. */
  takeCommand(visitor: string, now: number) {
    return this.#visitors.take(visitor, now)
  }

  /** Milliseconds until one more conversation may begin from there; 0 for now. */
  takeStart(address: string, now: number) {
    return isOwnAddress(address) ? 0 : this.#starts.take(address, now)
  }
}
