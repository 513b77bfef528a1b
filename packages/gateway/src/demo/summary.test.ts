import { attacks } from '@ringwall/lab'
import { expect, test } from 'vitest'
import { type DemoScore, demoScore, isHarmed, summary } from './summary.ts'

const named = { deviation: 0.026, tolerance: 0.05, unit: 'm' }
const code = 'checkpoint_unknown_key, history_other'
const scores = attacks.map(({ name, technique, title, expected, ledger }, i) => {
  const stoppedBy = i % 3 === 0 ? expected : i % 3 === 1 ? `${expected}, observing` : ''
  const base = {
    name,
    technique,
    title,
    expected,
    attempts: 3000,
    effect: i % 3,
    detail: '',
    stoppedBy,
    ...(ledger && { code }),
  }
  return { ...base, error: i === 4 ? 'The plant did not shut down, so no command was illegal' : null, named }
})
const rehearsal = {
  minutes: 10,
  messages: 91_504,
  connects: 77,
  flagged: 2,
  modes: ['shutdown', 'start-up', 'normal', 'stopping'],
  first: [`invariant change_too_fast on publish demo/level-1/telemetry: ${'rose '.repeat(40)}`, 'x'.repeat(200)],
}
const drift = { rate: 0.5, by: 'invariant invariant_drift', seconds: 50.3, named, deviation: 0.026 }
const phase = { name: 'flood-by-fifty', messages: 400, flagged: 0, throttled: 0 }
const unseen = { ...drift, by: '', named: null }

function score(): DemoScore {
  const card = { devices: 26, published: 2023, delivered: 2023, lost: 0, attacks: scores }
  return demoScore(card, { honest: rehearsal, drifts: [drift, unseen] }, ['one'], [phase])
}

test('fits a narrow terminal, with a line for each attack', () => {
  const lines = summary(score()).split('\n')
  expect(lines.filter(line => line.length > 79 && line.trim().includes(' '))).toEqual([])
  for (const { name, technique } of attacks)
    expect(lines.filter(line => line.startsWith(`${name} `) && line.includes(technique)).length, name).toBe(1)
  // Nothing is cut off.
  expect(summary(score()).replaceAll(/\s+/g, ' ')).toContain(
    'named after 50.3 s at 0.026 m by invariant invariant_drift; 0.05 m are',
  )
})

test('says what was flagged of the honest, and what was not carried out', () => {
  const text = summary(score())
  expect(text).toContain('flagged: one')
  expect(text).toContain('  flood-by-fifty: 400 messages, 0 flagged, 0 slowed')
  expect(text).toMatch(/^ledger-regenerated .* found by ledger\b.*\n {2}as checkpoint_unknown_key, history_other$/m)
  expect(text).toContain('not carried out: The plant did not shut down')
  expect(text).toContain('not named in 50.3 s')
  expect(isHarmed(score())).toBe(true)
})
