import { describe, expect, test } from 'vitest'
import { Phase, SPARKPLUG_OPTIONS } from './node.ts'
import { aliased, bdSeq, metric, rebirth, Session, TIME } from './sparkplug.testkit.ts'

function born(): Session {
  const session = new Session()
  expect(session.connect(3)).toBe('ok')
  expect(session.birth([metric('temperature', 'Double', 20, { alias: 1 }), metric('mode', 'String', 'run')], 3)).toBe(
    'ok',
  )
  expect(session.say('DBIRTH/edge/press', [metric('force', 'Float', 1.5, { alias: 2 })])).toBe('ok')
  return session
}

describe('a session as the standard has it', () => {
  test('goes through, and the count begins again behind 255', () => {
    const session = born()
    for (let i = 0; i < 600; i++) {
      expect(session.say('NDATA/edge', [aliased(1, 'Double', i)])).toBe('ok')
      expect(session.say('DDATA/edge/press', [aliased(2, 'Float', i)])).toBe('ok')
    }
    expect(session.say('DDEATH/edge/press', [])).toBe('ok')
    expect(session.say('NDEATH/edge', [bdSeq(3)])).toBe('ok')
    expect(session.node.phase).toBe(Phase.dead)
  })

  test('a rebirth begins all anew', () => {
    const session = born()
    expect(session.birth([metric('temperature', 'Int32', 20, { alias: 9 })], 3)).toBe('ok')
    expect(session.say('NDATA/edge', [aliased(9, 'Int32', 21)])).toBe('ok')
    expect(session.say('DDATA/edge/press', [aliased(2, 'Float', 1)])).toBe('sparkplug_unborn')
  })
})

describe('order', () => {
  test.each(['NDATA/edge', 'DDATA/edge/press', 'DDEATH/edge/press', 'DBIRTH/edge/press', 'NDEATH/edge'])(
    '%s before the birth',
    topic => {
      const session = new Session()
      session.connect()
      const metrics = topic.startsWith('NDEATH') ? [bdSeq(0)] : []
      expect(session.say(topic, metrics)).toBe('sparkplug_unborn')
      expect(session.clause).toMatch(/^tck-id-/)
    },
  )

  test('data of a device that was not born, that died, and that came back', () => {
    const session = born()
    expect(session.say('DDATA/edge/lift', [])).toBe('sparkplug_unborn')
    // The number of the refused message counts: it is the node's own.
    session.seq++
    expect(session.say('DDEATH/edge/press', [])).toBe('ok')
    expect(session.say('DDATA/edge/press', [aliased(2, 'Float', 1)])).toBe('sparkplug_dead')
    session.seq++
    expect(session.say('DDEATH/edge/press', [])).toBe('sparkplug_dead')
    session.seq++
    expect(session.say('DBIRTH/edge/press', [metric('force', 'Float', 2, { alias: 7 })])).toBe('ok')
    expect(session.say('DDATA/edge/press', [aliased(7, 'Float', 1)])).toBe('ok')
    expect(session.say('DDATA/edge/press', [aliased(2, 'Float', 1)])).toBe('sparkplug_alias')
  })

  test('nothing but a birth after the NDEATH', () => {
    const session = born()
    expect(session.say('NDEATH/edge', [bdSeq(3)])).toBe('ok')
    expect(session.say('NDATA/edge', [])).toBe('sparkplug_dead')
    expect(session.say('NDEATH/edge', [bdSeq(3)])).toBe('sparkplug_dead')
    expect(session.birth([], 3)).toBe('ok')
  })

  test('a new connection has to be born again', () => {
    const session = born()
    session.connect(4)
    expect(session.say('NDATA/edge', [aliased(1, 'Double', 1)])).toBe('sparkplug_unborn')
    expect(session.birth([], 4)).toBe('ok')
  })
})

describe('bdSeq', () => {
  test('the birth has that of the will', () => {
    const session = new Session()
    session.connect(5)
    expect(session.birth([], 4)).toBe('sparkplug_bdseq')
    expect(session.clause).toBe('tck-id-payloads-nbirth-bdseq-repeat')
    expect(session.birth([], 5)).toBe('ok')
    expect(session.say('NDEATH/edge', [bdSeq(4)])).toBe('sparkplug_bdseq')
    expect(session.clause).toBe('tck-id-payloads-ndeath-bdseq')
    expect(session.say('NDEATH/edge', [bdSeq(5)])).toBe('ok')
  })

  test('a connection without a will has no birth', () => {
    const session = new Session()
    session.connect(null)
    expect(session.birth()).toBe('sparkplug_bdseq')
    expect(session.clause).toBe('tck-id-message-flow-edge-node-birth-publish-will-message')
  })

  test('a death has nothing else, a birth has it, as a number from 0 to 255', () => {
    const session = new Session()
    session.connect()
    expect(session.say('NBIRTH/edge', [rebirth()])).toBe('sparkplug_bdseq')
    expect(session.say('NBIRTH/edge', [bdSeq(256), rebirth()])).toBe('sparkplug_bdseq')
    expect(session.say('NBIRTH/edge', [metric('bdSeq', 'Int32', 0), rebirth()])).toBe('sparkplug_bdseq')
    expect(session.say('NBIRTH/edge', [metric('bdSeq', 'UInt64', 0), rebirth()])).toBe('ok')
    expect(session.say('NDEATH/edge', [bdSeq(0), metric('x', 'Int32', 1)])).toBe('sparkplug_bdseq')
    expect(session.say('NDEATH/edge', [])).toBe('sparkplug_bdseq')
    expect(session.clause).toBe('tck-id-topics-ndeath-payload')
  })

  test('the will of an edge node is an NDEATH', () => {
    const session = new Session()
    session.connect(null)
    expect(session.say('NDATA/edge', [], {}, { will: true })).toBe('sparkplug_topic')
  })
})

describe('births', () => {
  const CASES: [string, Parameters<Session['birth']>[0] | undefined, string][] = [
    [
      'an alias twice',
      [metric('a', 'Int32', 1, { alias: 1 }), metric('b', 'Int32', 1, { alias: 1 })],
      'sparkplug_alias',
    ],
    ['a name twice', [metric('a', 'Int32', 1), metric('a', 'Int32', 1)], 'payload_duplicate_key'],
    ['no name', [aliased(1, 'Int32', 1)], 'sparkplug_metric'],
    ['no time', [metric('a', 'Int32', 1, { timestamp: undefined })], 'sparkplug_timestamp'],
    ['no value', [metric('a', 'Int32', undefined as unknown as null)], 'sparkplug_value'],
    ['null', [metric('a', 'Int32', null)], 'ok'],
  ]
  test.each(CASES)('%s', (_, metrics, code) => {
    const session = new Session()
    session.connect()
    expect(session.birth(metrics)).toBe(code)
  })

  test('an alias of another device, and of the device itself', () => {
    const session = born()
    expect(session.say('DBIRTH/edge/lift', [metric('force', 'Float', 1, { alias: 2 })])).toBe('sparkplug_alias')
    expect(session.clause).toBe('tck-id-payloads-alias-uniqueness')
    session.seq++
    expect(session.say('DBIRTH/edge/press', [metric('height', 'Float', 1, { alias: 2 })])).toBe('ok')
  })

  test.each([
    ['none', [bdSeq(0)]],
    ['true', [bdSeq(0), rebirth(true)]],
    ['an alias', [bdSeq(0), { ...rebirth(), alias: 1 }]],
    ['a number', [bdSeq(0), metric('Node Control/Rebirth', 'Int32', 0)]],
  ])('Node Control/Rebirth: %s', (_, metrics) => {
    const session = new Session()
    session.connect()
    expect(session.say('NBIRTH/edge', metrics)).toBe('sparkplug_rebirth')
    expect(session.clause).toMatch(/rebirth/)
  })

  test('a refused birth changes nothing', () => {
    const session = born()
    expect(session.birth([metric('a', 'Int32', 1), metric('a', 'Int32', 1)], 3)).toBe('payload_duplicate_key')
    session.seq = 2
    expect(session.say('NDATA/edge', [aliased(1, 'Double', 1)])).toBe('ok')
    expect(session.say('DDATA/edge/press', [aliased(2, 'Float', 1)])).toBe('ok')
  })

  test('a good birth that did not go through changes nothing either', () => {
    const session = born()
    const options = { accept: false }
    expect(session.say('NBIRTH/edge', [bdSeq(3), rebirth(), metric('a', 'Int32', 1)], { seq: 0 }, options)).toBe('ok')
    session.seq = 2
    expect(session.say('NDATA/edge', [metric('a', 'Int32', 1)])).toBe('sparkplug_metric')
    session.seq++
    expect(session.say('NDATA/edge', [aliased(1, 'Double', 1)])).toBe('ok')
  })
})

describe('data', () => {
  const CASES: [string, ReturnType<typeof metric>[], string][] = [
    ['an unknown alias', [aliased(99, 'Double', 1)], 'sparkplug_alias'],
    ['the alias of a device', [aliased(2, 'Float', 1)], 'sparkplug_alias'],
    ['a name beside its alias', [metric('temperature', 'Double', 1, { alias: 1 })], 'sparkplug_alias'],
    ['the name of a metric that has an alias', [metric('temperature', 'Double', 1)], 'sparkplug_alias'],
    ['an unknown name', [metric('humidity', 'Double', 1)], 'sparkplug_metric'],
    ['neither name nor alias', [metric(undefined as unknown as string, 'Double', 1)], 'sparkplug_metric'],
    ['another type', [aliased(1, 'Float', 1)], 'sparkplug_datatype'],
    ['no time', [aliased(1, 'Double', 1, { timestamp: undefined })], 'sparkplug_timestamp'],
    ['no value', [aliased(1, 'Double', undefined as unknown as null)], 'sparkplug_value'],
    ['null', [aliased(1, 'Double', null)], 'ok'],
    ['a name without alias', [metric('mode', 'String', 'stop')], 'ok'],
    ['twice in order', [aliased(1, 'Double', 1), aliased(1, 'Double', 2, { timestamp: TIME + 1 })], 'ok'],
    ['back in time', [aliased(1, 'Double', 1), aliased(1, 'Double', 2, { timestamp: TIME - 1 })], 'sparkplug_order'],
    ['history', [aliased(1, 'Double', 1), aliased(1, 'Double', 2, { timestamp: 1, isHistorical: true })], 'ok'],
    ['not a number', [aliased(1, 'Double', Number.NaN)], 'payload_number'],
  ]
  test.each(CASES)('%s', (_, metrics, code) => expect(born().say('NDATA/edge', metrics)).toBe(code))

  test('no time of the message', () => {
    expect(born().say('NDATA/edge', [], { timestamp: undefined })).toBe('sparkplug_timestamp')
  })

  test('the type of the birth rules where the message has none', () => {
    const session = born()
    // timestamp 1, one metric with alias 1, timestamp 1 and float_value, seq 2.
    const float = Uint8Array.of(8, 1, 18, 9, 16, 1, 24, 1, 0x65, 0, 0, 0x80, 0x3f, 24, 2)
    expect(session.bytes('NDATA/edge', float)).toBe('sparkplug_datatype')
    const double = Uint8Array.of(8, 1, 18, 13, 16, 1, 24, 1, 0x69, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 24, 3)
    expect(session.bytes('NDATA/edge', double)).toBe('ok')
  })
})

describe('commands', () => {
  const CASES: [string, string, ReturnType<typeof metric>[], string][] = [
    ['a rebirth request', 'NCMD/edge', [rebirth(true)], 'ok'],
    ['a rebirth request that says false', 'NCMD/edge', [rebirth(false)], 'sparkplug_rebirth'],
    ['by name', 'NCMD/edge', [metric('mode', 'String', 'stop')], 'ok'],
    ['by name though it has an alias', 'NCMD/edge', [metric('temperature', 'Double', 1)], 'ok'],
    ['by alias', 'DCMD/edge/press', [aliased(2, 'Float', 1)], 'ok'],
    ['by name and alias of two', 'NCMD/edge', [metric('mode', 'String', 'x', { alias: 1 })], 'sparkplug_alias'],
    ['of another type', 'DCMD/edge/press', [aliased(2, 'Double', 1)], 'sparkplug_datatype'],
    ['of an unknown metric', 'DCMD/edge/press', [metric('speed', 'Double', 1)], 'sparkplug_metric'],
    ['of an unknown alias', 'DCMD/edge/press', [aliased(1, 'Double', 1)], 'sparkplug_alias'],
    ['to an unknown device', 'DCMD/edge/lift', [metric('speed', 'Double', 1)], 'sparkplug_unborn'],
    ['twice', 'NCMD/edge', [metric('mode', 'String', 'a'), metric('mode', 'String', 'b')], 'payload_duplicate_key'],
    ['of nothing', 'NCMD/edge', [], 'sparkplug_metric'],
  ]
  test.each(CASES)('%s', (_, topic, metrics, code) => expect(born().say(topic, metrics)).toBe(code))

  test('before the birth only a rebirth may be asked for', () => {
    const session = new Session()
    session.connect()
    expect(session.say('NCMD/edge', [rebirth(true)])).toBe('ok')
    expect(session.say('NCMD/edge', [metric('mode', 'String', 'stop')])).toBe('sparkplug_unborn')
  })
})

describe('a session that resumes', () => {
  const tolerant = { ...SPARKPLUG_OPTIONS, unborn: 'tolerate' } as const

  test('is refused unless the configuration tolerates it', () => {
    const session = born()
    session.connect(3, true)
    expect(session.say('NDATA/edge', [aliased(1, 'Double', 1)])).toBe('sparkplug_unborn')
  })

  test('is tolerated until its next birth, and counts on', () => {
    const session = new Session(tolerant)
    session.connect(3, true)
    expect(session.say('NDATA/edge', [aliased(1, 'Double', 1), metric('mode', 'String', 'x')], { seq: 41 })).toBe('ok')
    expect(session.say('DDATA/edge/press', [aliased(2, 'Float', 1)], { seq: 42 })).toBe('ok')
    expect(session.say('DDATA/edge/press', [], { seq: 44 })).toBe('sparkplug_sequence')
    expect(session.say('NCMD/edge', [metric('mode', 'String', 'x')])).toBe('ok')
    expect(session.birth([], 3)).toBe('ok')
    expect(session.say('NDATA/edge', [aliased(1, 'Double', 1)])).toBe('sparkplug_alias')
  })

  test('is not what a fresh session is', () => {
    const session = new Session(tolerant)
    session.connect(3, false)
    expect(session.say('NDATA/edge', [])).toBe('sparkplug_unborn')
  })
})
