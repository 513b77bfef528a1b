import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Case, countOf, openData, PACKAGE, readCases } from './suricata.testkit.ts'

const folder = openData('suricata-mqtt')

/** What `ringwall replay` writes about a case, by the command itself. */
function eventsOf({ capture, rules, types }: Case): Record<string, unknown>[] {
  const args = [join(PACKAGE, 'bin/ringwall.mjs'), 'replay', capture, '--eve', '-', '--eve-types', types.join()]
  if (rules !== null) args.push('--rules', rules)
  return run(args)
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Record<string, unknown>)
}

function run(args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  } catch (error) {
    // 1 says that something was found.
    if (error instanceof Error && 'status' in error && error.status === 1 && 'stdout' in error)
      return String(error.stdout)
    throw error
  }
}

describe.skipIf(folder === null)('cases of Suricata', () => {
  for (const each of folder === null ? [] : readCases(folder)) {
    test(each.name, () => {
      const events = eventsOf(each)
      expect(each.checks.length).toBeGreaterThan(0)
      const failed = each.checks.filter(check => countOf(check, events) !== check.count)
      expect(failed.map(check => ({ ...check, found: countOf(check, events) }))).toEqual([])
    })
  }
})

test('the evaluator of checks sees differences', () => {
  const events = [{ event_type: 'mqtt', mqtt: { subscribe: { topics: [{ topic: 'a', qos: 1 }] } }, n: 1 }]
  const found = (match: Record<string, unknown>): number => countOf({ count: 1, match }, events)
  expect(found({ event_type: 'mqtt', 'mqtt.subscribe.topics': [{ qos: 1, topic: 'a' }] })).toBe(1)
  expect(found({ 'mqtt.subscribe.topics': [{ qos: 2, topic: 'a' }] })).toBe(0)
  expect(found({ 'mqtt.subscribe.topics[0].topic': 'a', 'mqtt.subscribe.topics.__len': 1 })).toBe(1)
  expect(found({ 'has-key': 'mqtt.subscribe' })).toBe(1)
  expect(found({ 'not-has-key': ['mqtt.subscribe'] })).toBe(0)
  expect(found({ n: '1' })).toBe(0)
  expect(found({ 'event_type.__find': 'qt' })).toBe(1)
})
