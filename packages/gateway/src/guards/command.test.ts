import { beforeEach, describe, expect, test } from 'vitest'
import { type Act, AT_REST, type Scene } from '../contract/index.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import { SharedSeries } from '../lanes/series.ts'
import type { CommandRule } from '../profile/types.ts'
import { command } from './command.ts'
import { act, ask, lane, principal } from './guards.testkit.ts'
import { clock, FakeDesk, rule } from './invariant.testkit.ts'

const T = 1_700_000_000_000
const MODE = 2
const controller = principal('controller-1', ['controller'])
const valve = principal('valve-1', ['actuator'])
const base: CommandRule = {
  senders: ['controller'],
  modes: [1, 2],
  modeNames: ['start-up', 'normal'],
  mode: MODE,
  rate: null,
}

let approvals: SharedApprovals
let neighbors: SharedSeries

beforeEach(() => {
  approvals = new SharedApprovals(64, [1, 2, 3, 4])
  neighbors = new SharedSeries(4)
  neighbors.write(MODE, 2, T)
})

/** A worker: its guard, and what it says to acts on the valve's command topic. What goes through is learned. */
function worker(terms: Partial<CommandRule> = {}) {
  const desk = new FakeDesk(rule({ kind: 'command', name: 'set', device: 'valve-1', command: { ...base, ...terms } }))
  const guard = command(desk, approvals, 0)
  const memo: unknown[] = []
  return (parts: Partial<Act>, at = T, payload = '{"value":1}') => {
    const bytes = new TextEncoder().encode(payload)
    const about = act({ topic: 'mill-3/valve-1/set', bytes, payloadStart: 0, payloadEnd: bytes.length, ...parts })
    const scene: Scene = { ...AT_REST, now: at, wall: at, neighbors, memo }
    const said = ask(guard, about, lane(), scene)
    if (said.lines.length === 0) guard.learn?.(about, lane(), scene)
    return said
  }
}

const up = { action: 'publish', speaker: controller } as const
const down = { action: 'receive', speaker: valve } as const

describe('who', () => {
  test('a role that may not send it is refused on the way up', () => {
    const said = worker()({ action: 'publish', speaker: principal('level-1', ['sensor']) })
    expect(said.lines).toEqual(['add command_sender'])
    expect(said.why).toBe('level-1 (sensor) may not send set to valve-1, which takes it from controller')
    expect(worker()(up).lines).toEqual([])
    expect(worker({ senders: [] })({ action: 'publish' }).lines).toEqual([])
  })

  test('on the way down it is proven by what went up, at any worker, exactly and not for ever', () => {
    const say = worker()
    expect(say(down).lines).toEqual(['add command_unproven'])
    say(up)
    const other = worker()
    expect(other(down, T + 59_000).lines).toEqual([])
    expect(other(down, T + 59_000, '{"value":0}').lines).toEqual(['add command_unproven'])
    expect(other({ ...down, speaker: { ...valve, site: 'mill-4' } }).lines).toEqual(['add command_unproven'])
    const late = other(down, T + 61_000)
    expect(late.why).toBe(
      'nobody who may (controller) has sent this set to valve-1 through the gateway in the last 60 s',
    )
  })

  test('a wall clock that is set back brings no proof to life again', () => {
    const desk = new FakeDesk(rule({ kind: 'command', name: 'set', device: 'valve-1', command: base }))
    const guard = command(desk, approvals, 0)
    const scene = (now: number, wall: number): Scene => ({ ...AT_REST, now, wall, neighbors, memo: [] })
    guard.learn?.(act(up), lane(), scene(1_000, T))
    expect(ask(guard, act({ ...down, speaker: { ...valve } }), lane(), scene(60_000, T - 3_600_000)).lines).toEqual([])
    expect(ask(guard, act(down), lane(), scene(62_000, T - 3_600_000)).lines).toEqual(['add command_unproven'])
  })

  test('what was refused on the way up proves nothing', () => {
    const say = worker()
    say({ action: 'publish', speaker: principal('level-1', ['sensor']) })
    expect(say(down).lines).toEqual(['add command_unproven'])
  })

  test('anybody may where no sender is named, and nothing needs proof then', () => {
    expect(worker({ senders: [] })(down).lines).toEqual([])
  })

  test('a will can command nothing', () => {
    expect(worker()({ ...up, action: 'will' }).lines).toEqual(['add command_will'])
  })
})

describe('when', () => {
  test('in another mode it is illegal, up and down', () => {
    const say = worker()
    say(up)
    neighbors.write(MODE, 0, T)
    expect(say(up).lines).toEqual(['add command_mode'])
    expect(say(down).lines).toEqual(['add command_mode'])
    expect(say(up).why).toBe(
      'set of valve-1 is legal in start-up, normal, and the mode is another one now (state 0 of its enum)',
    )
    neighbors.write(MODE, 1, T)
    expect(say(down).lines).toEqual([])
  })

  test('while the mode is unknown it is illegal where modes are listed, and only there', () => {
    neighbors = new SharedSeries(4)
    expect(worker()(up).lines).toEqual(['add mode_unknown'])
    expect(worker({ mode: -1 })(up).lines).toEqual(['add mode_unknown'])
    expect(worker({ modes: [], modeNames: [], mode: -1 })(up).lines).toEqual([])
  })
})

describe('how often', () => {
  const rate = { perSecond: 4, burst: 2 }

  test('its burst at once, then by its rate', () => {
    const say = worker({ rate })
    expect([0, 0, 0, 249, 250].map(at => say(up, T + at).lines.length)).toEqual([0, 0, 1, 1, 0])
    expect(say(up, T + 250).why).toBe('more than 4 set a second (burst 2) to valve-1')
  })

  test('one that waits for another guard, and is judged again, is counted once', () => {
    const desk = new FakeDesk(rule({ kind: 'command', name: 'set', command: { ...base, rate } }))
    const guard = command(desk, approvals, 0)
    const scene: Scene = { ...AT_REST, now: T, wall: T, neighbors, memo: [] }
    const judged = () => ask(guard, act(up), lane(), scene).lines
    for (let i = 0; i < 2; i++) {
      for (let wait = 0; wait < 5; wait++) expect(judged()).toEqual([])
      guard.learn?.(act(up), lane(), scene)
    }
    expect(judged()).toEqual(['add command_rate'])
  })

  test('what is illegal anyway takes nothing of it', () => {
    const say = worker({ rate })
    worker()(up)
    for (let index = 0; index < 5; index++) say(down, T, '{"value":0}')
    expect(say(down).lines).toEqual([])
  })
})

describe('how old', () => {
  const rule5 = rule({ kind: 'command', name: 'set', device: 'valve-1', clock: { ...clock, word: -1 }, command: base })
  const said = (time: number, about: Partial<Act>, good = true) => {
    const desk = new FakeDesk(rule5)
    desk.good = good
    desk.put([0, 0, time])
    const bytes = new TextEncoder().encode('{"value":1}')
    const whole = { topic: 'mill-3/valve-1/set', bytes, payloadStart: 0, payloadEnd: bytes.length }
    const scene: Scene = { ...AT_REST, now: T, wall: T, neighbors, memo: [] }
    approvals.grant('mill-3', new TextEncoder().encode('mill-3/valve-1/set'), bytes, 0, bytes.length, T + 1_000)
    return ask(command(desk, approvals, 0), act({ ...whole, ...about }), lane(), scene)
  }

  test('one whose own clock is further off than its skew is stale, up and down', () => {
    for (const way of [up, down]) {
      expect(said(T - 5_000, way).lines).toEqual([])
      expect(said(T - 3_600_000, way).lines).toEqual(['add command_stale'])
      expect(said(T + 5_001, way).lines).toEqual(['add command_stale'])
    }
    expect(said(T - 3_600_000, up).why).toBe("/ts is 3600 s behind the gateway's clock, where 5 s is allowed")
  })

  test('one that cannot be read has no clock', () => {
    expect(said(T, up, false).lines).toEqual(['add payload_unjudged'])
  })
})

test('what is no command is none of its business', () => {
  const desk = new FakeDesk(rule())
  const guard = command(desk, approvals, 0)
  expect(ask(guard, act(down)).lines).toEqual([])
  desk.rule = null
  expect(ask(guard, act(up)).lines).toEqual([])
})
