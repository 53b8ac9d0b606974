/** FNV-1a, 32 bit, of a text's UTF-16 code units. Spreads names over numbers; not a secret, not a signature. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}
