import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { readConfig } from './config.ts'
import { rememberAddress, withRememberedAddress } from './remembered-address.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'parley-address-'))

describe('the remembered address', () => {
  it('is what the server was last started with, where the shell says nothing', () => {
    const dataDir = newFolder()
    rememberAddress(readConfig({ DATA_DIR: dataDir, PORT: '4000', PUBLIC_URL: 'https://a.test' }))
    const config = readConfig(withRememberedAddress({ DATA_DIR: dataDir, PORT: ' ' }, dataDir))
    expect(config).toMatchObject({ port: 4000, publicUrl: 'https://a.test' })
  })

  it('gives way to what the shell says', () => {
    const dataDir = newFolder()
    rememberAddress(readConfig({ DATA_DIR: dataDir, PUBLIC_URL: 'https://a.test' }))
    expect(readConfig(withRememberedAddress({ PORT: '5000' }, dataDir)).publicUrl).toBe(
      'http://localhost:5000',
    )
  })

  it('is left out when the file is missing or makes no sense', () => {
    const dataDir = newFolder()
    expect(withRememberedAddress({}, dataDir)).toEqual({})
    writeFileSync(join(dataDir, 'address.json'), '{"PORT":1')
    expect(withRememberedAddress({}, dataDir)).toEqual({})
  })
})
