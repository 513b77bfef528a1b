import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reckon } from '../../../learn/browser/reckon.ts'
import { modulePage } from '../../../proof/browser/page.ts'
import { lacks } from '../peers/needs.ts'
import { foundIn, showing } from './chromium.ts'

const FOLDER = join(import.meta.dirname, '../../../learn')

test.skipIf(lacks('chromium'))(
  'kernels, forests and nets make the same bits in a browser as here, and so do a forest, a net and a detector of a series that were written to a file and read',
  async () => {
    const entry = { folder: FOLDER, module: 'browser/reckon.ts', name: '@ringwall/learn' }
    const script = showing("import { reckon } from '@ringwall/learn'", 'reckon()')
    const found = foundIn(modulePage('Ringwall: the same numbers', entry, script))
    const own = await reckon()
    expect(Object.keys(own).length).toBeGreaterThan(20)
    expect(Object.values(own).every(bits => /[1-9a-f]/.test(bits))).toBe(true)
    expect(found).toEqual(own)
  },
)
