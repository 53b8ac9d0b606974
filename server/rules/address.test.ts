import { expect, test } from 'vitest'

import { addressKey, isOwnAddress } from './address.ts'

test.for([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
] as const)('%s counts as %s', ([address, key]) => {
  expect(addressKey(address)).toBe(key)
})

test('this machine speaks for nobody in particular', () => {
  for (const own of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    expect(isOwnAddress(addressKey(own))).toBe(true)
  }
  for (const other of ['128.0.0.1', '10.0.0.1', '2001:db8::1', 'fe80::1%eth0']) {
    expect(isOwnAddress(addressKey(other))).toBe(false)
  }
})
