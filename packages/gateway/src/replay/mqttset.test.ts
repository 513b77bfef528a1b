import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { prepare, type Trial } from './prepare.ts'
import { fileSource } from './source.ts'
import { openData } from './suricata.testkit.ts'

const folder = openData('mqttset')
const rules = fileURLToPath(new URL('../../../../rules', import.meta.url))

/** Judges a capture by the rules and scenarios that come with Ringwall. */
async function judged(name: string): Promise<Trial> {
  const trial = await prepare({
    rules: [rules],
    scenarios: [join(rules, 'scenarios')],
    config: null,
    mapping: { clientId: false, roles: [] },
    eve: null,
    ports: [],
  })
  for await (const chunk of fileSource(join(folder ?? '', name)).chunks()) trial.take(chunk)
  expect(trial.end().fault).toBe(null)
  return trial
}

/** The attack of each capture, and by which names it may be told. */
const ATTACKS: readonly (readonly [capture: string, names: RegExp])[] = [
  ['bruteforce-train.pcapng', /^brute-force/],
  ['flood-train.pcap', /flood/],
  ['malariados-train.pcap', /^malaria-dos/],
  ['malformed-train.pcap', /^(malformed-packets|protocol-probing)$/],
  ['slowite-train.pcap', /^slowite/],
]

describe.skipIf(folder === null)('captures of MQTTset', () => {
  test.each(ATTACKS)('%s is named', async (capture, names) => {
    const { tally } = await judged(capture)
    expect([...tally.alarms.keys()].filter(name => names.test(name))).not.toEqual([])
  })

  test.each(['benign-train.pcap', 'benign-5mb-train.pcap'])('%s is silent', async capture => {
    const { tally } = await judged(capture)
    expect([...tally.alarms.keys(), ...tally.alerts.keys(), ...tally.verdicts.keys()]).toEqual([])
  })
})
