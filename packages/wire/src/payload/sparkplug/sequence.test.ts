import { describe, expect, test } from 'vitest'
import { SPARKPLUG_OPTIONS } from './node.ts'
import { aliased, bdSeq, metric, rebirth, Session } from './sparkplug.testkit.ts'

function born(): Session {
  const session = new Session()
  expect(session.connect(3)).toBe('ok')
  expect(session.birth([metric('temperature', 'Double', 20, { alias: 1 }), metric('mode', 'String', 'run')], 3)).toBe(
    'ok',
  )
  expect(session.say('DBIRTH/edge/press', [metric('force', 'Float', 1.5, { alias: 2 })])).toBe('ok')
  return session
}

describe('sequence numbers', () => {
  test('a gap, a repetition and what follows them are refused until the number that is due', () => {
    const session = born()
    const due = session.seq
    for (const seq of [due + 1, due + 2, due - 1, 255, 256]) {
      expect(session.say('NDATA/edge', [], { seq })).toBe('sparkplug_sequence')
      expect(session.clause).toBe('tck-id-payloads-sequence-num-incrementing')
    }
    expect(session.judge.fault?.why).toContain(`${due} was due`)
    expect(session.say('NDATA/edge', [], { seq: undefined })).toBe('sparkplug_sequence')
    expect(session.clause).toBe('tck-id-payloads-sequence-num-always-included')
    expect(session.say('NDATA/edge', [], { seq: due })).toBe('ok')
  })

  test('with resume only the message that shows the gap is refused', () => {
    const session = new Session({ ...SPARKPLUG_OPTIONS, gap: 'resume' })
    session.connect()
    session.birth()
    expect(session.say('NDATA/edge', [], { seq: 7 })).toBe('sparkplug_sequence')
    expect(session.say('NDATA/edge', [], { seq: 8 })).toBe('ok')
  })

  test('a birth has 0, a death and a command none', () => {
    const session = born()
    expect(session.birth([], 3, { seq: 1 })).toBe('sparkplug_sequence')
    expect(session.clause).toBe('tck-id-topics-nbirth-seq-num')
    expect(session.say('NDEATH/edge', [bdSeq(3)], { seq: 4 })).toBe('sparkplug_sequence')
    expect(session.say('NCMD/edge', [rebirth(true)], { seq: 4 })).toBe('sparkplug_sequence')
    expect(session.clause).toBe('tck-id-payloads-ncmd-seq')
  })

  test('the number of a message that did not go through may come again, until one did', () => {
    const session = born()
    const seq = session.seq
    const say = (value: number, options = {}) =>
      session.say('NDATA/edge', [aliased(value, 'Double', 1)], { seq }, options)
    expect(say(77)).toBe('sparkplug_alias')
    // It was good, and waits for something else: a command in between changes nothing.
    expect(say(1, { accept: false })).toBe('ok')
    expect(session.say('NCMD/edge', [rebirth(true)])).toBe('ok')
    expect(say(1)).toBe('ok')
    expect(say(1)).toBe('sparkplug_sequence')
  })

  test('a message that is refused for its values is counted all the same', () => {
    const session = born()
    expect(session.say('NDATA/edge', [aliased(77, 'Double', 1)])).toBe('sparkplug_alias')
    session.seq++
    expect(session.say('NDATA/edge', [aliased(1, 'Double', 1)])).toBe('ok')
  })
})
