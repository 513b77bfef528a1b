import { expect, test } from 'vitest'
import { Standing } from '../lanes/standing.ts'
import { context } from './context.ts'
import { act, ask, lane, principal, scene } from './guards.testkit.ts'

function plant() {
  const standing = new Standing(1)
  const guard = context(
    { topic: 'plant/mode', trusts: device => device === 'controller-1', states: ['idle', 'normal', 'normal-2'] },
    standing,
  )
  return (payload: string, parts = {}, device = 'controller-1'): string => {
    const bytes = Buffer.from(payload)
    const speaker = principal(device)
    const about = act({ topic: 'plant/mode', bytes, payloadStart: 0, payloadEnd: bytes.length, speaker, ...parts })
    const said = ask(guard, about, lane(), scene(5_000))
    if (said.lines.length === 0) guard.learn?.(about, lane(), scene(5_000))
    return said.lines[0] ?? String(standing.modeAt(5_000, 1_000))
  }
}

test('who is trusted tells the mode, bare or as a JSON string', () => {
  const say = plant()
  expect([say('idle'), say('"normal"'), say('normal-2')]).toEqual(['0', '1', '2'])
})

test('others, and what is no mode, are found and change nothing', () => {
  const say = plant()
  say('normal')
  expect(say('idle', {}, 'pump-1')).toBe('add mode_untrusted')
  for (const bad of ['', 'idl', 'idle ', '"idle', 'idle"', '"idlex', '{"mode":"idle"}']) {
    expect(`${bad} ${say(bad)}`).toBe(`${bad} add mode_unnamed`)
  }
  expect(say('idle', { topic: 'plant/other' })).toBe('1')
  expect(say('idle', { action: 'receive', direction: 'down' })).toBe('1')
  expect(say('idle', { action: 'will' })).toBe('1')
})

test('what nobody has told for long is not known any more', () => {
  const standing = new Standing(1)
  standing.tellMode(2, 10_000)
  expect(standing.modeAt(70_000, 60_000)).toBe(2)
  expect(standing.modeAt(72_000, 60_000)).toBe(-1)
})
