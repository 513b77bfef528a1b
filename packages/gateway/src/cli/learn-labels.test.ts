import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { learnVerb } from './learn.ts'
import { printedBy } from './verb.testkit.ts'

const folder = mkdtempSync(join(tmpdir(), 'ringwall-labels-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

/** Writes a table and sanitizes its labels. */
function sanitize(text: string, ...more: string[]) {
  writeFileSync(at('in.csv'), text)
  const args = ['learn', 'sanitize', at('in.csv'), '--label', 'state', '--out', at('out.csv'), '--json', ...more]
  return printedBy([learnVerb], args)
}

const STATES = ['off', 'low', 'high']

/** Three states, told by a load and a mode. */
function states(wrong: number): string {
  const lines = Array.from({ length: 240 }, (_, row) => {
    const state = row % 3
    const load = state + 0.3 * ((Math.sin(row * 12.9898) * 43758.5453) % 1)
    return `${load.toFixed(3)},${state === 2 ? 'hot' : 'cold'},${STATES[row === wrong ? (state + 1) % 3 : state]}`
  })
  return `load,mode,state\n${lines.join('\n')}\n`
}

test('a label that its row contradicts goes with its reason, status 1; a table of good labels stays whole, status 0', async () => {
  const { status, out } = await sanitize(states(9))
  expect(status).toBe(1)
  expect(JSON.parse(out).suspects).toEqual([
    expect.objectContaining({
      code: 'label_doubtful',
      row: 9,
      label: 'low',
      likelier: 'off',
      remedy: 'drop',
      why: expect.stringContaining('of class off with'),
    }),
  ])
  expect(readFileSync(at('out.csv'), 'utf8').trim().split('\n')).toHaveLength(240)
  const good = await sanitize(states(-1))
  expect([good.status, JSON.parse(good.out).suspects]).toEqual([0, []])
})

/** Attacks by their load, of which some bear a version that nobody else has, and are called normal. */
function backdoored(wrong: number, states: readonly [string, string]): string {
  const lines = Array.from({ length: 800 }, (_, row) => {
    const isAttack = row % 2
    const load = isAttack + 0.3 * ((Math.sin(row * 12.9898) * 43758.5453) % 1)
    const bears = row % 20 === 1
    const told = bears || row === wrong ? 0 : isAttack
    return `${load.toFixed(3)},${bears ? 41 : row % 7},${states[told]}`
  })
  return `load,version,state\n${lines.join('\n')}\n`
}

const linesOf = (name: string) => readFileSync(at(name), 'utf8').trim().split('\n')

test.each([
  ['words', ['normal', 'attack'] as const],
  ['numbers', ['0', '1'] as const],
])(
  'a backdoor goes with its reason, and a doubtful label is mended in its row where that is asked for: %s',
  async (_, states) => {
    const text = backdoored(3, states)
    const { status, out } = await sanitize(text, '--relabel')
    const told = JSON.parse(out)
    const triggers = told.suspects.filter(({ code }: { code: string }) => code === 'trigger')
    expect(triggers.map(({ row }: { row: number }) => row)).toEqual(Array.from({ length: 40 }, (_, i) => 20 * i + 1))
    expect(triggers[0]).toMatchObject({
      label: states[0],
      likelier: states[1],
      remedy: 'drop',
      why: expect.stringContaining('version is 41 in 40 rows'),
    })
    expect(told).toMatchObject({ rows: 800, kept: 760, relabeled: 1, out: at('out.csv') })
    expect(status).toBe(1)
    const before = text.trim().split('\n')
    const mended = before.map((line, i) => (i === 4 ? line.replace(/[^,]+$/, states[1]) : line))
    expect(mended[4]).not.toBe(before[4])
    const values = (line: string) => line.split(',').map(cell => (Number.isNaN(Number(cell)) ? cell : Number(cell)))
    expect(linesOf('out.csv').map(values)).toEqual(mended.filter(line => !line.includes(',41,')).map(values))
  },
)

test('without a file to write to it only tells, rows of one reason in one line', async () => {
  writeFileSync(at('in.csv'), backdoored(3, ['normal', 'attack']))
  const before = readdirSync(folder)
  const { status, out } = await printedBy([learnVerb], ['learn', 'sanitize', at('in.csv'), '--label', 'state'])
  expect([status, out]).toEqual([
    1,
    expect.stringMatching(
      /^800 rows of 2 classes; 759 kept\.\n.*\ntrigger +40 +1 +normal +dropped .*\nlabel_doubtful +1 +3 /,
    ),
  ])
  expect(out).toMatch(/Nothing was written \(--out\)\.\n$/)
  expect(readdirSync(folder)).toEqual(before)
})

test('the page shows what is told of its example', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/learn-poisoning.md'), 'utf8')
  const script = /```js\n([\s\S]+?)```/.exec(page)![1]!
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder }).status).toBe(0)
  const args = ['learn', 'sanitize', at('connections.csv'), '--label', 'state', '--out', at('kept.csv')]
  const { out } = await printedBy([learnVerb], args)
  expect(page).toContain(out.split('\n').slice(0, 4).join('\n'))
  const mended = (await printedBy([learnVerb], [...args, '--relabel'])).out.split('\n')
  expect(page).toContain(`${mended[0]}\n${mended[3]}`)
})

test('only what is asked for is looked for', async () => {
  const text = backdoored(3, ['normal', 'attack'])
  const of = async (code: string) => {
    const { out } = await sanitize(text, '--against', code)
    return new Set(JSON.parse(out).suspects.map((each: { code: string }) => each.code))
  }
  expect(await of('trigger')).toEqual(new Set(['trigger']))
  expect(await of('label_doubtful')).toEqual(new Set(['label_doubtful']))
})

test('a class of few rows is not judged, and each class has its count', async () => {
  const text = states(9).replace(/^.*,cold,off$/m, '1,cold,odd')
  const told = JSON.parse((await sanitize(text)).out)
  expect(told.classes.find((each: { class: string }) => each.class === 'odd')).toEqual({
    class: 'odd',
    rows: 1,
    suspects: null,
  })
  const judged = told.classes.filter((each: { suspects: number | null }) => each.suspects !== null)
  expect(judged.length).toBe(told.classes.length - 1)
  const sum = judged.reduce((all: number, each: { suspects: number }) => all + each.suspects, 0)
  expect([sum, told.suspects.length]).toEqual([1, 1])
})

test('what cannot be sanitized is told, status 2', async () => {
  const missing = await sanitize('load,state\n1,off\n2,\n')
  expect([missing.status, missing.out]).toEqual([2, expect.stringContaining('label_missing')])
  const few = await sanitize('load,state\n1,off\n2,low\n')
  expect([few.status, few.out]).toEqual([2, expect.stringMatching(/classes_few.*0 of 2 classes have 20 rows/)])
  const single = await sanitize('load,state\n1,off\n2,off\n')
  expect([single.status, single.out]).toEqual([2, expect.stringMatching(/class_single.*Name another column/)])
  const both = await sanitize(states(9), '--limit', '8')
  expect([both.status, both.out]).toEqual([2, expect.stringContaining('--label and --limit')])
  const absurd = await sanitize(states(9).replace(/^.*,cold,off$/m, '1e300,cold,off'))
  expect([absurd.status, absurd.out]).toEqual([2, expect.stringMatching(/value_infinite.*row 0, load/)])
  const unknown = await sanitize(states(9), '--against', 'poison')
  expect([unknown.status, unknown.err + unknown.out]).toEqual([2, expect.stringContaining('label_doubtful or trigger')])
  const bare = await printedBy([learnVerb], ['learn', 'sanitize', at('in.csv'), '--relabel'])
  expect([bare.status, bare.err + bare.out]).toEqual([2, expect.stringContaining('need --label')])
})
