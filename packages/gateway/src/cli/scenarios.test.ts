import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scenariosVerb } from './scenarios.ts'
import { printedBy } from './verb.testkit.ts'

let folder: string
const at = (name: string) => join(folder, name)
const ringwall = (verb: string, ...args: string[]) => printedBy([scenariosVerb], ['rules', 'scenarios', verb, ...args])

const FLOOD = `name: flood
title: Too much
severity: high
technique: T0814
on: [publish]
groupby: [device]
capacity: 3
leakspeed: 1s
say: '{device}: {count}'
`
const made = (times: number) =>
  `[{ what: some, happenings: [{ kind: publish, device: a, every: 1ms, times: ${times} }] }]`
const ALLOW = 'allow:\n  - { scenario: flood, device: a, owner: ada, reason: test, expires: DAY }\n'

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-scenarios-'))
  const files = {
    'flood.yaml': FLOOD,
    'flood.test.yaml': `fires: ${made(4)}\nsilent: ${made(3)}\n`,
    'deaf.yaml': FLOOD.replace('flood', 'deaf'),
    'deaf.test.yaml': `fires: ${made(3)}\nsilent: ${made(4)}\n`,
    'bare.yaml': FLOOD.replace('flood', 'bare'),
    'half.yaml': FLOOD.replace('flood', 'half'),
    'half.test.yaml': `fires: ${made(4)}\n`,
    'wrong.yaml': FLOOD.replace('capacity', 'capcity'),
    'old.yaml': ALLOW.replace('DAY', '2020-01-01'),
    'new.yaml': ALLOW.replace('DAY', '2999-01-01'),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('test: good, failed, without tests, and with half of them', async () => {
  expect(await ringwall('test', at('flood.yaml'))).toMatchObject({
    status: 0,
    out: '1 scenario, 2 made sequences: good\n',
  })
  const failed = await ringwall('test', at('deaf.yaml'))
  expect(failed.status).toBe(1)
  expect(failed.out).toContain(
    'FAILED  deaf, fires: some: it did not fire\nFAILED  deaf, silent: some: it fired: a: 4\n',
  )
  const bare = await ringwall('test', at('bare.yaml'))
  expect([bare.status, bare.out]).toEqual([1, expect.stringContaining('bare, no tests')])
  const half = await ringwall('test', at('half.yaml'))
  expect([half.status, half.out]).toEqual([2, expect.stringContaining('the key "silent" is missing')])
})

test('check: good, wrong, twice the same name, and an allowance that has ended', async () => {
  expect(await ringwall('check', at('flood.yaml'), '--allow', at('new.yaml'))).toMatchObject({
    status: 0,
    out: '1 scenario, 1 allowance: good\n',
  })
  const wrong = await ringwall('check', at('wrong.yaml'))
  expect([wrong.status, wrong.out]).toEqual([2, expect.stringContaining(`where  ${at('wrong.yaml')}:7:1 capcity`)])
  const ended = await ringwall('check', at('flood.yaml'), '--allow', at('old.yaml'))
  expect([ended.status, ended.out]).toEqual([1, expect.stringContaining('warning allow_expired')])
  writeFileSync(at('again.yaml'), FLOOD)
  const twice = await ringwall('check', at('flood.yaml'), at('again.yaml'))
  expect([twice.status, twice.out]).toEqual([2, expect.stringContaining('scenario_twice')])
  expect((await ringwall('check', at('none.yaml'))).out).toContain('scenario_unreadable')
})

test('tests that a shell has named among the scenarios are left out; alone they are no scenarios', async () => {
  const files = [at('flood.test.yaml'), at('flood.yaml')]
  expect(await ringwall('check', ...files)).toMatchObject({ status: 0, out: '1 scenario, 0 allowances: good\n' })
  expect((await ringwall('check', at('flood.test.yaml'))).out).toContain('flood.test.yaml names tests only')
})

test('list: what each takes in memory', async () => {
  const { status, out } = await ringwall('list', at('flood.yaml'))
  expect(status).toBe(0)
  expect(out).toMatch(/^flood +high +T0814 +\d+ +4096 +\d\.\d MiB +Too much$/m)
  const { scenarios, total } = JSON.parse((await ringwall('list', '--json', at('flood.yaml'))).out)
  expect(total).toBe(scenarios[0].bytes * 4_096)
})
