import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const COMMAND = join(import.meta.dirname, '../../bin/ringwall.mjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-warnings-'))
  writeFileSync(at('train.csv'), TABLE)
  expect(ringwall(['fit', '--train', 'train.csv', '--label', 'state', '--save', 'm.json']).status).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)

/** The real command, in the folder. */
function ringwall(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'learn', ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
  })
  return { status, out: stdout, err: stderr }
}

const LINES = Array.from({ length: 40 }, (_, i) => `${i % 2},${(i * 7) % 10},${i % 2 === 0 ? 'ok' : 'worn'}`)
const TABLE = `flow,load,state\n${LINES.join('\n')}\n`

test('options that name a column which is not there, or the labels, are refused', () => {
  const fit = ['fit', '--train', 'train.csv', '--label', 'state', '--save', 'no.json']
  expect(ringwall([...fit, '--words', 'nosuch']).err).toMatch(/error column_unknown\n.*expected a column 'nosuch'/)
  expect(ringwall([...fit, '--ignore', 'load,state']).err).toMatch(/error usage\n.*--ignore names 'state'/)
  const bare = 'q\n1\n2\n'
  expect(ringwall(['classify', '--model', 'm.json', '--test', '-'], bare).err).toMatch(
    /expected columns 'flow', 'load'/,
  )
})

test('a table that is unlike the learned one, or is the learned one, is warned of', () => {
  const classify = (table: string, ...more: string[]) =>
    ringwall(['classify', '--model', 'm.json', '--test', '-', ...more], table).out
  const far = `flow,load,state\n${LINES.map(line => line.replace(/^1/, '1000')).join('\n')}\n`
  expect(classify(far)).toContain('Warning: out of the range that was learned: flow (20 rows), 0 to 1 learned.\n')
  const gaps = `flow,load,state\n${LINES.map((line, i) => (i < 30 ? line.replace(/^./, '') : line)).join('\n')}\n`
  expect(classify(gaps)).toContain('Warning: mostly empty, and hardly ever in training: flow (30 rows).\n')
  const same = 'Warning: these are the rows that the model learned from'
  const args = ['classify', '--model', 'm.json', '--test']
  expect(ringwall([...args, 'train.csv']).out).toContain(same)
  writeFileSync(at('other.csv'), `flow,load,state\n${LINES.toReversed().join('\n')}\n`)
  expect(ringwall([...args, 'other.csv']).out).not.toContain('Warning')
  const none =
    "Warning: 'load' names none of the classes that the model tells (ok, worn): found 0, 7, 4, 1, 8 and 5 more."
  expect(classify(far, '--label', 'load')).toContain(none)
  const blank = far.replaceAll(',ok\n', ',"ok "\n')
  expect(JSON.parse(classify(blank, '--json')).report.classes).toHaveLength(2)
  expect(JSON.parse(classify(far, '--json'))).toMatchObject({
    outside: [{ name: 'flow', rows: 20, least: 0, most: 1 }],
    isLearned: false,
    warnings: [expect.stringContaining('out of the range')],
  })
})

test('the same data, seed and SOURCE_DATE_EPOCH make the same file', () => {
  const made = (file: string) => {
    const args = [COMMAND, 'learn', 'fit', '--train', 'train.csv', '--label', 'state', '--save', file]
    const env = { ...process.env, SOURCE_DATE_EPOCH: '1767225600' }
    expect(spawnSync(process.execPath, args, { cwd: folder, env }).status).toBe(0)
    return readFileSync(at(file), 'utf8')
  }
  const [one, other] = [made('one.json'), made('two.json')]
  expect(one).toBe(other)
  expect(one).toContain('2026-01-01T00:00:00.000Z')
})
