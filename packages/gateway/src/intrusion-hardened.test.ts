import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonical, digestOf } from '@ringwall/learn/io'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkVerb } from './cli/check.ts'
import { learnVerb } from './cli/learn.ts'
import { printedBy } from './cli/verb.testkit.ts'
import { type Config, makeConfig } from './config/index.ts'
import { SAMPLE } from './config/sample.ts'
import { BEGAN, calm, flood, modelOf, paced, SIZE, sessionTable } from './detect/intrusion/intrusion.testkit.ts'
import { IntrusionJudge } from './detect/intrusion/judge.ts'
import { readIntrusion } from './detect/intrusion/source.ts'
import type { Alarm } from './evidence/alarm.ts'
import type { Happening } from './evidence/happening.ts'
import { COLUMN_NAMES, SessionWindows, SIZE_COLUMNS } from './evidence/sessions/index.ts'

let folder = ''
let digest = ''
const at = (name: string): string => join(folder, name)
const learn = (...args: string[]) => printedBy([learnVerb], ['learn', ...args])

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-hardened-'))
  writeFileSync(at('train.csv'), sessionTable())
  writeFileSync(at('constraints.json'), JSON.stringify(constraintsOf(sessionTable())))
  const limits = ['--epsilon', '.1', '--constraints', at('constraints.json')]
  const asked = ['--train', at('train.csv'), '--label', 'label', ...limits, '--save', at('hard.json')]
  expect(await learn('harden', ...asked)).toMatchObject({ status: 0, err: '' })
  digest = JSON.parse((await learn('report', at('hard.json'), '--json')).out).digest
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Those of the guide, but for columns that have no value in a table. */
function constraintsOf(csv: string): { columns: Record<string, object>; laws: object[] } {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/learn-sessions.md'), 'utf8')
  const said = JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? '')
  expect(Object.keys(said.columns).filter(name => !COLUMN_NAMES.includes(name))).toEqual([])
  const [head, ...rows] = csv
    .trim()
    .split('\n')
    .map(line => line.split(','))
  const isThere = (name: string): boolean => rows.some(row => row[head.indexOf(name)] !== '')
  return { ...said, columns: Object.fromEntries(Object.entries(said.columns).filter(([name]) => isThere(name))) }
}

function configOf(more: object): Config {
  const nowhere = 'unused.pem'
  const bare = {
    site: 'mill-3',
    listen: { mqtts: { certificate: nowhere, key: nowhere } },
    upstream: { url: 'mqtt://127.0.0.1:1883' },
    identity: { anchors: [{ ca: nowhere }] },
    intrusion: { model: at('hard.json'), digest, ...more },
  }
  return makeConfig(bare, 'test')
}

async function alarmsOf(sessions: readonly (readonly Happening[])[], more: object): Promise<Alarm[]> {
  const source = readIntrusion(configOf(more))
  if (source === null) throw new Error('there is a model')
  const alarms: Alarm[] = []
  const judge = await IntrusionJudge.load(source, alarm => void alarms.push(alarm))
  for (const each of sessions.flat()) judge.take(each)
  judge.advance(BEGAN + 1e6)
  return alarms
}

/** Sessions from calm to flood that no model has learned, each of a device of its own. */
const SESSIONS = [300, 150, 80, 40, 20, 10, 5, 3, 2].flatMap((pace, i) =>
  [20, 200, 5_000].map((bytes, j) => paced(100 + 10 * i + j, pace, bytes)),
)
const OTHERS = [calm(50), calm(51), flood(52), flood(53)]

/** What `learn classify` says of the windows of sessions. */
async function classified(sessions: readonly (readonly Happening[])[]) {
  const lines = [[...SIZE_COLUMNS, ...COLUMN_NAMES].join(',')]
  const keys: string[] = []
  const windows = new SessionWindows(SIZE, ({ values, device, ended }) => {
    lines.push([SIZE.span / 1_000, SIZE.most, ...Array.from(values, v => (Number.isNaN(v) ? '' : v))].join(','))
    keys.push(`${device} ${ended}`)
  })
  for (const each of sessions.flat()) windows.take(each)
  windows.advance(BEGAN + 1e6)
  writeFileSync(at('test.csv'), `${lines.join('\n')}\n`)
  const asked = ['--model', at('hard.json'), '--test', at('test.csv'), '--out', at('told.csv')]
  expect(await learn('classify', ...asked)).toMatchObject({ status: 0, err: '' })
  const [head, ...rows] = readFileSync(at('told.csv'), 'utf8').trim().split('\n')
  const names = head.split(',')
  return rows.map((row, i) => {
    const cells = row.split(',')
    const of = (name: string): string => cells[names.indexOf(name)]
    return { key: keys[i], prediction: of('prediction'), decision: of('decision') }
  })
}

const keyOf = ({ device, time }: Alarm): string => `${device} ${time}`

test('a hardened model tells the same windows live that it tells in a table, decided or not', async () => {
  const sessions = [...OTHERS, ...SESSIONS]
  const told = await classified(sessions)
  const attacks = told.filter(({ prediction }) => prediction === 'flood')
  const decided = attacks.filter(({ decision }) => decision === 'flood')
  expect(decided.length).toBeGreaterThan(5)
  expect(attacks.length).toBeGreaterThan(decided.length)
  const alarms = await alarmsOf(sessions, { threshold: 50, quiet: '1ms' })
  expect(alarms.map(keyOf).sort()).toEqual(attacks.map(({ key }) => key).sort())
  for (const { why, detection } of alarms) {
    expect(why).toMatch(/does what flood does \(score [\d.]+, threshold 0.5\), most by \w+ /)
    for (const { name, contribution } of detection?.features ?? []) {
      expect(COLUMN_NAMES).toContain(name)
      expect(contribution).toBeGreaterThan(0)
      expect(contribution).toBeLessThanOrEqual(1)
    }
  }
})

test('what is like nothing that was learned is an alarm of its own where that is asked for', async () => {
  const strange = [paced(300, 200_000, 1e9)]
  expect(await alarmsOf(strange, { quiet: '1ms' })).toEqual([])
  const alarms = await alarmsOf([...OTHERS.slice(0, 2), ...strange], { doubt: 'alarm' })
  expect(alarms.map(({ device }) => device)).not.toContain('pump-50')
  const [alarm] = alarms.filter(({ device }) => device === 'pump-300')
  expect(alarm).toMatchObject({ scenario: 'intrusion-unknown', detection: { class: 'unknown', threshold: 0.95 } })
  expect(alarm.detection?.score).toBeGreaterThan(0.95)
  expect(alarm.why).toMatch(/^pump-300 does what nothing that was learned does \(score .*, most by \w+ /)
  expect(alarm.detection?.features[0].name).toMatch(/^(bytes|sent_|idle|gap|own_gap|keep_alive_used)/)
})

test('what is likely an attack is told as its class where doubt is an alarm, too', async () => {
  const [without, beside] = await Promise.all(
    (['off', 'alarm'] as const).map(doubt => alarmsOf(SESSIONS, { doubt, threshold: 50, quiet: '1ms' })),
  )
  const floods = beside.filter(({ scenario }) => scenario === 'intrusion-flood')
  expect(floods.map(keyOf)).toEqual(without.map(keyOf))
  expect(without.every(({ scenario }) => scenario === 'intrusion-flood')).toBe(true)
})

test('ringwall check takes a hardened model, and says why it does not take others', async () => {
  const codes = async (intrusion: string): Promise<string[]> => {
    writeFileSync(at('ringwall.yaml'), `${SAMPLE}\nintrusion: { ${intrusion} }\n`)
    const { errors } = JSON.parse((await printedBy([checkVerb], ['check', '--json', at('ringwall.yaml')])).out)
    return (errors as { code: string }[]).map(({ code }) => code).filter(code => code.startsWith('intrusion'))
  }
  expect(await codes(`model: hard.json, digest: ${digest}, doubt: alarm`)).toEqual([])
  expect(await codes(`model: hard.json, digest: ${'a'.repeat(64)}`)).toEqual(['intrusion_digest'])
  writeFileSync(at('trees.json'), await modelOf(sessionTable()))
  const trees = JSON.parse((await learn('report', at('trees.json'), '--json')).out).digest
  expect(await codes(`model: trees.json, digest: ${trees}`)).toEqual([])
  expect(await codes(`model: trees.json, digest: ${trees}, doubt: alarm`)).toEqual(['intrusion_model'])
})

test('of a model that tells unseen attacks, the ensemble in it judges', async () => {
  const asked = ['--train', at('train.csv'), '--label', 'label', '--algorithm', 'ensemble', '--normal', 'benign']
  expect(await learn('fit', ...asked, '--save', at('unseen.json'))).toMatchObject({ status: 0, err: '' })
  const { kind, digest: found } = JSON.parse((await learn('report', at('unseen.json'), '--json')).out)
  expect(kind).toBe('attack-detector')
  const own = { model: at('unseen.json'), digest: found, doubt: 'alarm' }
  const alarms = await alarmsOf(OTHERS, own)
  expect(new Set(alarms.map(({ device }) => device))).toEqual(new Set(['pump-52', 'pump-53']))
}, 120_000)

test('a model that was learned from the order of rows, or has a class of that name, is refused', async () => {
  const { body, ...file } = JSON.parse(readFileSync(at('hard.json'), 'utf8'))
  const refused = (changed: object, more: object, code: string): void => {
    writeFileSync(at('odd.json'), JSON.stringify({ ...file, body: { ...body, ...changed } }))
    expect(() => readIntrusion(configOf({ model: at('odd.json'), ...more }))).toThrow(expect.objectContaining({ code }))
  }
  const rhythm = { windows: [16], alone: false }
  refused({ preprocessing: { ...body.preprocessing, rhythm } }, {}, 'intrusion_columns')
  const classes = ['benign', 'unknown']
  const more = { digest: await digestOf(canonical({ ...body, classes })), doubt: 'alarm' }
  refused({ classes }, more, 'intrusion_classes')
})
