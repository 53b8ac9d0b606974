/**
 * The part of an address that one customer holds: an IPv4 address, or the /64 of an IPv6 one,
 * since anybody with a home connection has 2⁶⁴ of those.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/**
 * This machine itself, or a proxy on it that was not named in TRUSTED_PROXIES: it says nothing of who calls, so a limit
 * per address would be one for all.
 */
export const isOwnAddress = (key: string) => key.startsWith('127.') || key === '0:0:0:0::/64'
