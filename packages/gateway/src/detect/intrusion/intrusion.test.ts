import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { learnTable, readModel, tableOf, writeModel } from '@ringwall/learn/io'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeConfig } from '../../config/index.ts'
import type { Config } from '../../config/schema.ts'
import type { Alarm } from '../../evidence/alarm.ts'
import { type Happening, happening } from '../../evidence/happening.ts'
import { COLUMN_NAMES, SessionWindows, SIZE_COLUMNS } from '../../evidence/sessions/index.ts'
import { IntrusionJudge } from './judge.ts'
import { readIntrusion } from './source.ts'

const SIZE = { span: 1_000, most: 10 }
const BEGAN = Date.UTC(2026, 0, 5)
let folder = ''
let digest = ''
const at = (name: string): string => join(folder, name)

/** A device that says something every 300 ms; the n-th, a little different from the others. */
function calm(n: number, connection = n): Happening[] {
  const common = { device: `pump-${n}`, address: `10.0.0.${n % 250}`, connection }
  return [
    happening({ ...common, kind: 'opened', time: BEGAN }),
    happening({ ...common, kind: 'connect', time: BEGAN + 10 + n, keepAlive: 60, clean: true }),
    happening({ ...common, kind: 'connack', time: BEGAN + 20 + n, code: 'accepted' }),
    ...Array.from({ length: 12 }, (_, i) =>
      happening({
        ...common,
        kind: 'publish',
        time: BEGAN + (300 + n) * i + 30 + n,
        topic: 'plant/x',
        bytes: 20 + (n % 7),
      }),
    ),
  ]
}

/** The same with messages as fast as it can. */
function flood(n: number, connection = n): Happening[] {
  const [opened, connect, connack] = calm(n, connection)
  const { device, address } = opened
  const messages = Array.from({ length: 60 }, (_, i) =>
    happening({
      kind: 'publish',
      device,
      address,
      connection,
      time: connack.time + 2 * i,
      topic: 'plant/x',
      bytes: 20,
    }),
  )
  return [opened, connect, connack, ...messages]
}

function table(): string {
  const lines = [[...SIZE_COLUMNS, ...COLUMN_NAMES, 'label'].join(',')]
  for (const [label, make] of [
    ['benign', calm],
    ['flood', flood],
  ] as const) {
    const windows = new SessionWindows(SIZE, ({ values }) => {
      const cells = Array.from(values, value => (Number.isNaN(value) ? '' : String(value)))
      lines.push([SIZE.span / 1_000, SIZE.most, ...cells, label].join(','))
    })
    for (let n = 0; n < 30; n++) for (const each of make(n)) windows.take(each)
    windows.flush()
  }
  return `${lines.join('\n')}\n`
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-intrusion-'))
  const text = await modelOf(table())
  writeFileSync(at('m.json'), text)
  digest = (await readModel(text)).digest
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const modelOf = async (csv: string, label = 'label'): Promise<string> =>
  writeModel(await learnTable(tableOf(csv), { label, algorithm: 'boosting', date: '2026-01-05T00:00:00Z' }))

function configOf(intrusion: object | 'off'): Config {
  const nowhere = 'unused.pem'
  const bare = {
    site: 'mill-3',
    listen: { mqtts: { certificate: nowhere, key: nowhere } },
    upstream: { url: 'mqtt://127.0.0.1:1883' },
    identity: { anchors: [{ ca: nowhere }] },
    intrusion,
  }
  return makeConfig(bare, 'test')
}

async function alarmsOf(happenings: readonly Happening[], more: object = {}): Promise<Alarm[]> {
  const source = readIntrusion(configOf({ model: at('m.json'), digest, ...more }))
  if (source === null) throw new Error('there is a model')
  const alarms: Alarm[] = []
  const judge = await IntrusionJudge.load(source, alarm => void alarms.push(alarm))
  for (const each of happenings) judge.take(each)
  judge.advance(BEGAN + 1e6)
  return alarms
}

describe('sessions judged by a model', () => {
  test('a flood is an alarm, once, with the three columns that speak most for it', async () => {
    const [alarm, ...others] = await alarmsOf(flood(40))
    expect(others).toEqual([])
    expect(alarm).toMatchObject({
      scenario: 'intrusion-flood',
      severity: 'medium',
      subject: 'pump-40',
      device: 'pump-40',
      address: '10.0.0.40',
      happenings: [],
    })
    expect(alarm.began).toBeGreaterThanOrEqual(BEGAN)
    const { probability, ...reasons } = alarm.figures
    expect(probability).toBeGreaterThan(0.9)
    const names = Object.keys(reasons)
    expect(names.length).toBeGreaterThan(0)
    expect(names.length).toBeLessThanOrEqual(3)
    for (const name of names) {
      expect(COLUMN_NAMES).toContain(name)
      expect(alarm.why).toContain(name)
    }
  })

  test('what is normal is silent, and so is what is told a second time within the quiet', async () => {
    expect(await alarmsOf(calm(41))).toEqual([])
    expect(await alarmsOf([...flood(42, 1), ...flood(42, 2)])).toHaveLength(1)
    expect((await alarmsOf([...flood(42, 1), ...flood(43, 2)])).map(({ device }) => device)).toEqual([
      'pump-42',
      'pump-43',
    ])
    expect((await alarmsOf(flood(42), { quiet: '1ms' })).length).toBeGreaterThan(1)
  })

  test('which classes are normal is said, and of two the first may be the attack', async () => {
    const [alarm] = await alarmsOf(calm(41), { normal: ['flood'], severity: 'high' })
    expect(alarm).toMatchObject({ scenario: 'intrusion-benign', severity: 'high' })
    expect(Object.keys(alarm.figures).length).toBeGreaterThan(1)
  })
})

describe('a model is read only where it is the one that was pinned', () => {
  test('off, nothing is read', () => {
    expect(readIntrusion(configOf('off'))).toBe(null)
  })

  test('the size of its windows is that of its table', () => {
    expect(readIntrusion(configOf({ model: at('m.json'), digest }))?.size).toEqual(SIZE)
  })

  test.each([
    ['another digest', () => ({ model: at('m.json'), digest: 'a'.repeat(64) }), 'intrusion_digest'],
    ['no file', () => ({ model: at('none.json'), digest }), 'intrusion_model'],
    ['no model', () => ({ model: at('text.json'), digest }), 'intrusion_model'],
    ['another table', () => ({ model: at('other.json'), digest }), 'intrusion_model'],
    ['no such class', () => ({ model: at('m.json'), digest, normal: ['calm'] }), 'intrusion_model'],
  ])('%s is refused', async (_, intrusion, code) => {
    writeFileSync(at('text.json'), '{"body": 1}')
    writeFileSync(at('other.json'), await modelOf('a,label\n1,x\n2,y\n1,x\n2,y\n'))
    expect(() => readIntrusion(configOf(intrusion()))).toThrow(expect.objectContaining({ code }))
  })

  test('a key that is not known is refused', () => {
    expect(() => configOf({ model: 'm.json', digest: 'a'.repeat(64), refuse: true })).toThrow(/refuse/)
  })
})
