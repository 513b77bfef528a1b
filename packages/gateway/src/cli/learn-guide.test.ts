import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULTS } from '@ringwall/learn/series'
import { expect, test } from 'vitest'

test('the guide says what the detector does where nothing is said', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../../docs/learn.md'), 'utf8')
  const short = (value: number) => String(value).replace(/^0/, '')
  expect(guide).toContain(`ends at ${short(DEFAULTS.off)} or below`)
  expect(guide).toContain(`(${short(DEFAULTS.falseAlarms)} unless said`)
})
