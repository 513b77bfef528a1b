import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readModel } from '@ringwall/learn/io'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeConfig } from '../../config/index.ts'
import type { Config } from '../../config/schema.ts'
import type { Alarm, Detection } from '../../evidence/alarm.ts'
import type { Happening } from '../../evidence/happening.ts'
import { COLUMN_NAMES } from '../../evidence/sessions/index.ts'
import { BEGAN, calm, flood, modelOf, SIZE, sessionTable } from './intrusion.testkit.ts'
import { IntrusionJudge } from './judge.ts'
import { readIntrusion } from './source.ts'

let folder = ''
let digest = ''
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-intrusion-'))
  const text = await modelOf(sessionTable())
  writeFileSync(at('m.json'), text)
  digest = (await readModel(text)).digest
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

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
  test('a flood is an alarm, once, with its score, threshold and class, and the three features that speak most for it', async () => {
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
    const { detection, figures, why } = alarm
    expect(detection).toMatchObject({ model: digest, class: 'flood', threshold: 0.9 })
    const { score, features } = detection as Detection
    expect(score).toBeGreaterThan(0.9)
    expect(figures).toEqual({ score, threshold: 0.9 })
    expect(features.length).toBeGreaterThan(0)
    expect(features.length).toBeLessThanOrEqual(3)
    for (const { name, value, contribution } of features) {
      expect(COLUMN_NAMES).toContain(name)
      expect(why).toContain(`${name} ${Number(value?.toPrecision(3))}`)
      expect(contribution).toBeGreaterThan(0)
    }
    const contributions = features.map(({ contribution }) => contribution)
    expect(contributions).toEqual(contributions.toSorted((a, b) => b - a))
  })

  test('a feature that is not known is null, and said to be unknown: an alarm is written down whole', async () => {
    const [opened, , , ...messages] = flood(44)
    const lines = sessionTable().trim().split('\n')
    // What floods is told by a CONNECT that was never seen alone.
    const column = lines[0].split(',').indexOf('keep_alive')
    const only = lines.map(line => {
      const cells = line.split(',')
      const isFlood = cells.at(-1) === 'flood'
      return [
        ...cells.slice(0, 2),
        isFlood ? '' : cells[column] === 'keep_alive' ? 'keep_alive' : '60',
        cells.at(-1),
      ].join()
    })
    const text = await modelOf(`${only.join('\n')}\n`)
    writeFileSync(at('n.json'), text)
    const own = { model: at('n.json'), digest: (await readModel(text)).digest, threshold: 50 }
    const [alarm] = await alarmsOf([opened, ...messages], own)
    expect(alarm.why).toContain('keep_alive unknown')
    expect(alarm.detection?.features).toEqual([{ name: 'keep_alive', value: null, contribution: expect.any(Number) }])
    expect(JSON.parse(JSON.stringify(alarm))).toEqual(alarm)
  })

  test('what may be one attack or another is an alarm, though no class is likely enough alone', async () => {
    let n = 0
    const text = await modelOf(sessionTable().replace(/,flood$/gm, () => (n++ % 2 === 0 ? ',flood' : ',storm')))
    writeFileSync(at('s.json'), text)
    const [alarm] = await alarmsOf(flood(45), { model: at('s.json'), digest: (await readModel(text)).digest })
    expect(alarm.scenario).toMatch(/^intrusion-(flood|storm)$/)
    expect(alarm.detection?.score).toBeGreaterThan(0.9)
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
    expect(alarm.detection?.features.length).toBeGreaterThan(0)
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
    ['a regression', () => ({ model: at('number.json'), digest }), 'intrusion_model'],
    ['another table', () => ({ model: at('other.json'), digest }), 'intrusion_columns'],
    ['no such class', () => ({ model: at('m.json'), digest, normal: ['calm'] }), 'intrusion_classes'],
    ['nothing but normal', () => ({ model: at('m.json'), digest, normal: ['benign', 'flood'] }), 'intrusion_classes'],
  ])('%s is refused', async (_, intrusion, code) => {
    writeFileSync(at('text.json'), '{"body": 1}')
    writeFileSync(at('other.json'), await modelOf('a,label\n1,x\n2,y\n1,x\n2,y\n'))
    writeFileSync(at('number.json'), (await modelOf(sessionTable())).replace(/"classes":\[[^\]]*\]/, '"classes":[]'))
    expect(() => readIntrusion(configOf(intrusion()))).toThrow(expect.objectContaining({ code }))
  })

  test.each([
    ['two sizes', (line: string, n: number) => line.replace(/^1,/, n % 2 === 0 ? '5,' : '1,')],
    ['half a happening', (line: string) => line.replace(/^1,10,/, '1,10.5,')],
    ['a day', (line: string) => line.replace(/^1,/, '86400,')],
  ])('windows of %s are refused', async (_, change) => {
    const text = await modelOf(sessionTable().split('\n').map(change).join('\n'))
    writeFileSync(at('w.json'), text)
    const intrusion = { model: at('w.json'), digest: (await readModel(text)).digest }
    expect(() => readIntrusion(configOf(intrusion))).toThrow(expect.objectContaining({ code: 'intrusion_windows' }))
  })

  test('whatever a file is made of, it is refused by a code or read as it is', () => {
    const text = readFileSync(at('m.json'), 'utf8')
    const { body, ...file } = JSON.parse(text)
    const values = fc.constantFrom(null, 0, -1, 'x', [], {}, [null], [[]], [{}], Number.MAX_VALUE, true)
    const places = fc.constantFrom('kind', 'classes', 'schema', 'preprocessing', 'tensors', 'options', 'training')
    fc.assert(
      fc.property(places, values, fc.constantFrom('', 'steps'), (place, value, under) => {
        const changed = under === '' ? { ...body, [place]: value } : { ...body, preprocessing: { steps: value } }
        writeFileSync(at('f.json'), JSON.stringify({ ...file, body: changed }))
        try {
          readIntrusion(configOf({ model: at('f.json'), digest }))
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^intrusion_(model|digest|columns|classes|windows)$/)
        }
      }),
      { seed: 7, numRuns: 300 },
    )
    writeFileSync(at('f.json'), JSON.stringify({ ...file, body: { ...body, schema: 3 } }))
    expect(() => readIntrusion(configOf({ model: at('f.json'), digest }))).toThrow(/no model file/)
  })

  test('a key that is not known is refused', () => {
    expect(() => configOf({ model: 'm.json', digest: 'a'.repeat(64), refuse: true })).toThrow(/refuse/)
  })
})
