import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')

/** A sensor that looks like noise and is the same each time; from row 380 on it stands a little higher. */
const TABLE = `x\n${Array.from({ length: 500 }, (_, row) => {
  const noise = (Math.sin(row * 12.9898) * 43758.5453) % 1
  return (32 + noise + (row >= 380 ? 1 : 0)).toFixed(3)
}).join('\n')}\n`

/** What is told with a limit of changes. */
function series(limit: string) {
  const args = ['learn', 'series', '-', '--train-rows', '300', '--out', '-', '--change-limit', limit]
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8', input: TABLE })
  const changes = stdout.split('\n').filter(line => line.split(',')[3] === '1').length
  return { status, changes, err: stderr }
}

test('--change-limit cries oftener where it is lower, and is a number above 0', () => {
  expect(series('1').changes).toBeGreaterThan(series('100').changes)
  expect(series('100').changes).toBe(0)
  for (const limit of ['0', '-1', 'x', 'Infinity'])
    expect(series(limit)).toMatchObject({ status: 2, err: expect.stringMatching(/number above 0/) })
})
