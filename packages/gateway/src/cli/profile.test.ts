import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { controller, profile, pump, sensor } from '../profile/profile.testkit.ts'
import { profileVerb } from './profile.ts'
import { printedBy } from './verb.testkit.ts'

let folder: string
const at = (name: string) => join(folder, name)
const ringwall = (...args: string[]) => printedBy([profileVerb], args)
const SITE = ['--site', 'mill-3', '--mode', 'controller-1/mode']

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-profile-'))
  for (const [name, value] of Object.entries({ level: sensor(), pump: pump(), controller: controller() })) {
    writeFileSync(at(`${name}.td.json`), JSON.stringify(value))
  }
  writeFileSync(at('wrong.td.json'), JSON.stringify({ ...sensor(), title: undefined }))
})
afterAll(() => rmSync(folder, { recursive: true }))

const good = () => ['level', 'pump', 'controller'].map(name => at(`${name}.td.json`))

test('check says good, or every problem with its file and pointer', async () => {
  expect(await ringwall('profile', 'check', ...good(), ...SITE)).toMatchObject({
    status: 0,
    out: '3 profiles: good; signatures were not verified (--trust, or --config)\n',
  })
  const { status, out } = await ringwall('profile', 'check', at('wrong.td.json'), ...SITE)
  expect(status).toBe(2)
  expect(out).toContain(`where  ${at('wrong.td.json')} /title`)
  expect(JSON.parse((await ringwall('profile', 'check', '--json', at('wrong.td.json'))).out)).toMatchObject({
    good: false,
  })
})

test('nothing to judge is not good', async () => {
  const { status, out } = await ringwall('profile', 'check')
  expect([status, out]).toEqual([2, expect.stringContaining('what   no profile is named')])
})

test('compile prints roles that the configuration takes, limits and what each topic accepts', async () => {
  const { status, out } = await ringwall('profile', 'compile', ...good(), ...SITE)
  expect(status).toBe(0)
  expect(out).toContain('  level-sensor: { publish: ["${site}/${device}/telemetry"], subscribe: [] }')
  expect(out).toContain('  pump: { publish: [], subscribe: ["${site}/${device}/set"] }')
  expect(out).toMatch(/mill-3\/\$\{device\}\/set +command set +json +4\/s, 8 at once +from controller; in normal/)
  const { profiles, series } = JSON.parse((await ringwall('profile', 'compile', '--json', ...good(), ...SITE)).out)
  expect(profiles.length).toBe(3)
  expect(series).toEqual(['controller-1/mode'])
})

describe('constraints', () => {
  const law = (name: string, residual: string) => ({
    name,
    on: ['level-1/level'],
    values: { level: 'level-1/level', other: 'level-2/level' },
    residual,
    tolerance: 0.5,
  })
  const files = () => {
    const laws = [law('agree', 'level - other + 0.2'), law('rises', 'delta(level) + other')]
    const plant = profile({ id: 'urn:ringwall:profile:plant', 'rw:devices': undefined, 'rw:invariants': laws })
    writeFileSync(at('plant.td.json'), JSON.stringify(plant))
    writeFileSync(
      at('whole.td.json'),
      JSON.stringify(
        sensor(
          {},
          { value: { type: 'integer', minimum: 0, exclusiveMaximum: 9, 'rw:name': 'level', 'rw:change': CHANGE } },
        ),
      ),
    )
    return [at('plant.td.json'), at('whole.td.json'), at('controller.td.json')]
  }
  const CHANGE = { perSecond: 2 }
  const constraints = (...args: string[]) => ringwall('profile', 'constraints', ...files(), ...SITE, ...args)

  test('hold ranges, steps and the laws that a row can keep', async () => {
    const { status, out } = await constraints('--columns', 'tank=level-1/level,level-2/level')
    expect(status).toBe(0)
    const rule = { least: 0, most: 9, step: 1 }
    expect(JSON.parse(out)).toEqual({
      columns: { tank: rule, 'level-2/level': rule },
      laws: [
        { weights: { tank: 1, 'level-2/level': -1 }, most: 0.3 },
        { weights: { tank: -1, 'level-2/level': 1 }, most: 0.7 },
      ],
    })
  })

  test('go to a file, with a line for each law that is kept or left out', async () => {
    const out = at('limits.json')
    expect(
      await constraints('--columns', 'tank=level-1/level', '--columns', 'b=level-2/level', '--out', out),
    ).toMatchObject({
      status: 0,
      out: [
        "Kept: 'agree'.",
        ...['rw:change of level-1/level', 'rw:change of level-2/level', 'rises'].map(
          name => `Left out: '${name}': it looks back at earlier values.`,
        ),
        `Constraints: ${out}\n`,
      ].join('\n'),
    })
    const told = JSON.parse((await constraints('--columns', 'tank=level-1/level', '--json')).out)
    expect(told).toMatchObject({
      laws: [],
      left: [
        { name: 'rw:change of level-1/level' },
        { why: 'it needs level-2/level' },
        { why: 'it needs level-2/level' },
      ],
    })
    expect(JSON.parse(readFileSync(out, 'utf8')).laws).toHaveLength(2)
  })

  test.each([
    [['--columns', 'a=level-1/levle'], 'constraints_reading', 'level-1/level'],
    [['--columns', 'a=controller-1/mode'], 'constraints_reading', 'is no number'],
    [['--columns', 'a=nobody/level/x'], 'constraints_reading', 'no profile has'],
    [[], 'constraints_none', '--columns'],
    [['--columns', 'a=level-1/level,a=level-2/level'], '', 'A column is named twice'],
    [['--columns', 'a=level-1/level,b=level-1/level'], '', 'A reading is named twice'],
    [['--columns', 'a=level-1/level', '--out', '/nowhere/limits.json'], 'file_unusable', '/nowhere'],
  ])('%j is refused: %s', async (args, code, what) => {
    const { status, err } = await constraints(...args)
    expect([status, err]).toEqual([2, expect.stringContaining(code)])
    expect(err).toContain(what)
  })
})

test('compile says which devices laws or modes ask for that only a glob covers', async () => {
  const named = { ...controller(), 'rw:devices': ['controller-*'] }
  writeFileSync(at('covered.td.json'), JSON.stringify(named))
  const files = [at('pump.td.json'), at('covered.td.json')]
  const { out } = await ringwall('profile', 'compile', ...files, ...SITE)
  expect(out).toContain('note    controller-1: only a glob covers them')
  expect(JSON.parse((await ringwall('profile', 'compile', '--json', ...files, ...SITE)).out).unnamed).toEqual([
    'controller-1',
  ])
  expect((await ringwall('profile', 'compile', ...good(), ...SITE)).out).not.toContain('note ')
})

test('a pair is made, signs, and what it signed is taken where signatures are required', async () => {
  expect(await ringwall('profile', 'key', at('ours'))).toMatchObject({ status: 0 })
  expect(statSync(at('ours.key')).mode & 0o777).toBe(0o600)
  expect((await ringwall('profile', 'key', at('ours'))).status).toBe(2)
  const signing = await ringwall('profile', 'sign', ...good(), '--key', at('ours.key'), '--out', at('signed'))
  expect(signing.status).toBe(0)
  const signed = good().map(file => file.replace(folder, at('signed')))
  expect(await ringwall('profile', 'check', ...signed, ...SITE, '--trust', at('ours.pub'))).toMatchObject({ status: 0 })
  const envelope = JSON.parse(readFileSync(signed[0]!, 'utf8'))
  writeFileSync(signed[0]!, JSON.stringify({ ...envelope, payload: Buffer.from('{}').toString('base64') }))
  const altered = await ringwall('profile', 'check', ...signed, ...SITE, '--trust', at('ours.pub'))
  expect(altered).toMatchObject({ status: 2, out: expect.stringContaining('profile_signature') })
})

test('a key that signs no profiles is refused', async () => {
  writeFileSync(at('junk.key'), 'x', { mode: 0o600 })
  const { status, err } = await ringwall('profile', 'sign', good()[0]!, '--key', at('junk.key'))
  expect([status, err]).toEqual([2, expect.stringContaining('key_unreadable')])
})
