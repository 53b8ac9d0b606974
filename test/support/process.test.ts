import { expect, test } from 'vitest'

import { findFreePorts } from './free-port.ts'
import { run } from './process.ts'

test('free ports are ports, and differ', async () => {
  const ports = await findFreePorts(5)
  expect(new Set(ports).size).toBe(5)
  expect(ports.every((port) => port > 0 && port < 65_536)).toBe(true)
})

test('a finished command tells its code and all that it wrote', async () => {
  const script = 'console.log("out"); console.error("err"); process.exit(3)'
  expect(await run(process.execPath, ['-e', script])).toEqual({
    code: 3,
    signal: null,
    stdout: 'out\n',
    stderr: 'err\n',
  })
})
