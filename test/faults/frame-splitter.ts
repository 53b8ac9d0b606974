/**
 * Cuts one direction of a WebSocket's bytes into whole pieces: the HTTP head, then frame after frame.
 * Bytes are passed on untouched, so that masks and lengths stay right.
 */
export function createFrameSplitter(onPiece: (piece: Buffer, isFrame: boolean) => void) {
  let held: Buffer = Buffer.alloc(0)
  let isUpgraded = false

  return (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    for (;;) {
      const length = isUpgraded ? frameLength(held) : headLength(held)
      if (length === undefined || held.length < length) return
      onPiece(held.subarray(0, length), isUpgraded)
      isUpgraded = true
      held = held.subarray(length)
    }
  }
}

function headLength(bytes: Buffer) {
  const end = bytes.indexOf('\r\n\r\n')
  return end < 0 ? undefined : end + 4
}

/** RFC 6455, 5.2: two bytes, a longer length where needed, a mask from clients, the payload. */
function frameLength(bytes: Buffer) {
  if (bytes.length < 2) return undefined
  const mask = bytes.readUInt8(1) & 0x80 ? 4 : 0
  const short = bytes.readUInt8(1) & 0x7f
  if (short < 126) return 2 + mask + short
  if (short === 126) return bytes.length < 4 ? undefined : 4 + mask + bytes.readUInt16BE(2)
  return bytes.length < 10 ? undefined : 10 + mask + Number(bytes.readBigUInt64BE(2))
}
