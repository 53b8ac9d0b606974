/** 126 random bits in 21 characters that fit `idSchema`. `crypto.randomUUID` is missing on plain HTTP, this is not. */
export function newId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'
  let id = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(21))) id += alphabet.charAt(byte & 63)
  return id
}
