import { expect, test } from 'vitest'
import { ip4, tcp } from '../../test/capture/frames.ts'
import { type HeardFlow, textOf } from '../../test/capture/hearing.ts'
import { addressesOf } from '../../test/capture/network.ts'
import { packetOf, Script } from '../../test/capture/script.ts'
import { LinkType } from './packet.ts'

const CONNECT = '\x10\x10\0\x04MQTT\x04\x02\0\x3c\0\x04blue'

const said = (heard: HeardFlow) => [heard.up, heard.down].map(one => Buffer.from(textOf(one)).toString('latin1'))
const missing = (heard: HeardFlow) => [heard.up.missing, heard.down.missing]

test('a connection is opened by its SYN and closed by both FINs', () => {
  const script = new Script().greet().up('PA', 101, 'ping', 501).down('PA', 501, 'pong', 105)
  script.up('FA', 105, '', 505).down('FA', 505, '', 106).up('A', 106, '', 506)
  const { flow, closed, anomalies } = script.heard
  expect(flow).toMatchObject({ id: 1, midstream: false, began: 1_600_000_000_010, packetsUp: 5, packetsDown: 3 })
  expect([flow.client, flow.server]).toEqual([
    { address: '192.0.2.7', port: 50_000 },
    { address: '198.51.100.9', port: 1883 },
  ])
  expect([flow.bytesUp, flow.bytesDown, closed, anomalies]).toEqual([4, 4, 'fin', []])
  expect(said(script.heard)).toEqual(['ping', 'pong'])
})

test('a SYN with data, and one that is answered alone', () => {
  expect(said(new Script().up('S', 100, 'ab').up('A', 103, 'c', 501).heard)).toEqual(['abc', ''])
  const answered = new Script().down('SA', 500, '', 101).up('A', 101, 'ab', 501)
  expect([said(answered.heard), answered.heard.flow.midstream]).toEqual([['ab', ''], false])
  expect(answered.heard.flow.client.port).toBe(50_000)
})

test('a SYN that was sent again with another number holds from its answer on', () => {
  const script = new Script().up('S', 7).up('S', 100).down('SA', 500, '', 101).up('PA', 101, 'ab', 501)
  expect([said(script.heard), script.heard.anomalies]).toEqual([['ab', ''], []])
})

test('a SYN and its answer that come once more change nothing', () => {
  const script = new Script().greet().up('PA', 103, 'cd', 501).up('S', 100).down('SA', 500, '', 101)
  script.up('PA', 101, 'ab', 501)
  expect([said(script.heard), script.heard.anomalies]).toEqual([['abcd', ''], []])
})

test('a refused SYN that is tried again with its number begins a flow, and one that was captured twice does not', () => {
  const script = new Script().up('S', 100).down('RA', 0, '', 101).up('S', 100)
  expect(script.ear.flows).toHaveLength(1)
  script.wait(500).up('S', 100).down('SA', 500, '', 101).up('PA', 101, 'ab', 501)
  expect(script.ear.flows.map(one => [one.closed, said(one)[0]])).toEqual([
    ['reset', ''],
    [null, 'ab'],
  ])
})

test('without a SYN the server is known by its port, by the CONNECT of the other, by its CONNACK or by the lower port', () => {
  const server = (script: Script) => [script.heard.flow.server.port, script.heard.flow.midstream]
  expect(server(new Script({}, [1000, 1883]).down('A', 500))).toEqual([1883, true])
  expect(server(new Script({ ports: [9999] }, [1883, 9999]).up('PA', 101, 'x'))).toEqual([9999, true])
  expect(server(new Script({}, [4000, 5000]).up('A', 101).up('PA', 101, CONNECT))).toEqual([5000, true])
  expect(server(new Script({}, [4000, 5000]).down('PA', 501, '\x20\x02\0\0'))).toEqual([5000, true])
  expect(server(new Script({}, [5000, 4000]).up('PA', 101, 'x'))).toEqual([4000, true])
  const silent = new Script({}, [5000, 4000]).up('A', 101)
  silent.flows.flush()
  expect([...server(silent), silent.heard.closed]).toEqual([4000, true, 'end'])
})

test('bytes that the other end has and the capture has not are a gap, and the stream goes on behind it', () => {
  const script = new Script().greet().up('PA', 105, 'efgh', 501)
  expect(said(script.heard)).toEqual(['', ''])
  script.down('A', 501, '', 109).wait(60).down('A', 501, '', 109)
  expect([said(script.heard), missing(script.heard)]).toEqual([
    ['efgh', ''],
    [4, 0],
  ])
  expect(script.heard.up.pieces[0].at).toBe(4)
})

test('bytes that were acknowledged a moment before they were captured are no gap', () => {
  const script = new Script().greet().up('PA', 105, 'efgh', 501).down('A', 501, '', 109).up('PA', 101, 'abcd', 501)
  expect([said(script.heard), missing(script.heard)]).toEqual([
    ['abcdefgh', ''],
    [0, 0],
  ])
})

test('while nothing says that missing bytes arrived they may still come', () => {
  const script = new Script().greet().up('PA', 105, 'efgh', 501).down('A', 501, '', 101).wait(20_000)
  script.down('A', 501, '', 101).up('PA', 101, 'abcd', 501)
  expect([said(script.heard), missing(script.heard)]).toEqual([
    ['abcdefgh', ''],
    [0, 0],
  ])
})

test('where one direction was not captured missing bytes are given up after three seconds', () => {
  const script = new Script().up('S', 100).up('PA', 105, 'e').wait(2900).up('PA', 106, 'f')
  expect(said(script.heard)).toEqual(['', ''])
  script.wait(200).up('PA', 107, 'g')
  expect([said(script.heard), missing(script.heard)]).toEqual([
    ['efg', ''],
    [4, 0],
  ])
})

test('the end of a flow tells of what was acknowledged or ended and never came', () => {
  const script = new Script().greet().down('A', 501, '', 111).up('FA', 121, '', 501)
  script.flows.flush()
  expect([missing(script.heard), script.heard.closed]).toEqual([[20, 0], 'end'])
  const lone = new Script().greet().down('A', 501, '', 102)
  lone.flows.flush()
  expect(missing(lone.heard)).toEqual([0, 0])
})

test('what a snap length cut off is a gap', () => {
  const script = new Script().greet().upCut(101, 'abcdefgh', 3).up('PA', 109, 'ij', 501)
  expect([said(script.heard), missing(script.heard)]).toEqual([
    ['abcij', ''],
    [5, 0],
  ])
  const late = new Script().greet().upCut(103, 'cdefgh', 2).up('PA', 101, 'ab', 501).up('PA', 109, 'ij', 501)
  expect([said(late.heard), missing(late.heard)]).toEqual([
    ['abcdij', ''],
    [4, 0],
  ])
})

test('an overlap that differs is told, once, and the bytes that came first hold', () => {
  const waiting = new Script()
    .greet()
    .up('PA', 105, 'evil', 501)
    .up('PA', 105, 'good', 501)
    .up('PA', 101, 'abcdGOOD', 501)
  expect([said(waiting.heard), waiting.heard.anomalies]).toEqual([['abcdevil', ''], ['overlap_differs']])
  const passed = new Script().greet().up('PA', 101, 'evil', 501).up('PA', 99, 'xxgoodness', 501)
  expect([said(passed.heard), passed.heard.anomalies]).toEqual([['evilness', ''], ['overlap_differs']])
  const honest = new Script().greet().up('PA', 101, 'good', 501).up('PA', 102, 'oodness', 501)
  expect([said(honest.heard), honest.heard.anomalies]).toEqual([['goodness', ''], []])
})

test('a keep-alive probe is no overlap that differs, and one that nobody could acknowledge is', () => {
  const probed = new Script().greet().up('PA', 101, 'abcd', 501).down('A', 501, '', 105).up('A', 104, '\0', 501)
  expect([said(probed.heard), probed.heard.anomalies]).toEqual([['abcd', ''], []])
  const evasion = new Script().greet().down('A', 501, '', 101).up('PA', 101, 'abcd', 501).up('A', 104, '\0', 501)
  expect(evasion.heard.anomalies).toEqual(['overlap_differs'])
})

test('a RST ends a flow where the stream stands, and nowhere else', () => {
  const exact = new Script().greet().up('PA', 101, 'ab', 501).up('R', 103)
  expect([exact.heard.closed, exact.heard.anomalies]).toEqual(['reset', []])
  const refused = new Script().up('S', 100).down('RA', 0, '', 101)
  expect(refused.heard.closed).toBe('reset')
  const forged = new Script()
    .greet()
    .up('R', 101 + 2 ** 21)
    .up('PA', 101, 'ab', 501)
  expect([forged.heard.closed, forged.heard.anomalies, said(forged.heard)[0]]).toEqual([null, ['reset_outside'], 'ab'])
  const early = new Script().greet().up('R', 103).up('PA', 101, 'ab', 501)
  expect([early.heard.closed, early.heard.anomalies, said(early.heard)[0]]).toEqual(['reset', [], 'ab'])
})

test('who goes on after its own RST is heard in a flow of its own, and what was under way to it is not', () => {
  const script = new Script().greet().up('R', 101).down('PA', 501, 'late', 101).up('PA', 101, 'more', 501)
  expect(script.ear.flows).toHaveLength(2)
  const [first, second] = script.ear.flows
  expect([said(first), first.closed]).toEqual([['', ''], 'reset'])
  expect([said(second), second.flow.midstream, second.anomalies]).toEqual([['more', ''], true, ['data_after_reset']])
})

test('a FIN that its sender did not mean does not end the stream', () => {
  const script = new Script().greet().up('FA', 101, '', 501).up('PA', 101, 'more', 501)
  expect([said(script.heard), script.heard.closed, script.heard.anomalies]).toEqual([
    ['more', ''],
    null,
    ['data_after_fin'],
  ])
})

test('ports that are used anew: after an end, after a long silence, or once the new SYN is answered', () => {
  const ended = new Script().greet().up('R', 101).up('S', 9000).down('SA', 700, '', 9001).up('PA', 9001, 'new', 701)
  expect(ended.ear.flows.map(one => said(one)[0])).toEqual(['', 'new'])
  const stale = new Script().greet().wait(61_000).up('S', 9000)
  expect(stale.ear.flows.map(one => one.closed)).toEqual(['timeout', null])
  const odd = new Script().greet().up('PA', 101, 'a', 501).up('S', 9000_000).up('PA', 102, 'b', 501)
  expect([said(odd.heard)[0], odd.heard.anomalies]).toEqual(['ab', ['syn_again']])
  odd.down('SA', 700, '', 9000_001).up('PA', 9000_001, 'new', 701)
  expect(odd.ear.flows.map(one => [said(one)[0], one.closed, one.flow.client.port])).toEqual([
    ['ab', 'timeout', 50_000],
    ['new', null, 50_000],
  ])
})

test('who takes the same number again at once is not overlooked', () => {
  const script = new Script().greet().up('PA', 101, 'a', 501).up('R', 102)
  script.up('S', 100).down('SA', 7000, '', 101).up('PA', 101, 'new', 7001)
  expect(script.ear.flows.map(one => [said(one)[0], one.flow.midstream, one.flow.client.port])).toEqual([
    ['a', false, 50_000],
    ['new', false, 50_000],
  ])
})

test('urgent data and data without an acknowledgement are told of', () => {
  expect(new Script().greet().up('UPA', 101, 'a', 501).heard.anomalies).toEqual(['urgent_data'])
  expect(new Script().greet().up('P', 101, 'a').heard.anomalies).toEqual(['data_without_ack'])
})

test('fragments that contradict each other are told of in their flow', () => {
  const script = new Script().greet()
  const addresses = addressesOf(false)
  const fields = { source: 50_000, destination: 1883, sequence: 101, acknowledgement: 501, flags: 'PA' }
  const segment = tcp(addresses, { ...fields, data: new Uint8Array(Buffer.from('abcdefghijkl')) })
  const parts = [
    ip4(addresses, segment.slice(24, 32), { id: 1, offset: 24 }),
    ip4(addresses, new Uint8Array(16).fill(0x78), { id: 1, offset: 16, more: true }),
    ip4(addresses, segment.slice(0, 24), { id: 1, more: true }),
  ]
  for (const part of parts) script.flows.packet(packetOf(part, script.time, LinkType.RAW))
  expect([said(script.heard), script.heard.anomalies]).toEqual([['xxxxefghijkl', ''], ['fragment_overlap']])
})

test('so much is held of a direction and no more: then the missing bytes are given up', () => {
  const script = new Script({ maxHeldPerDirection: 1000 }).greet()
  for (let i = 0; i < 40; i++) {
    script.up('PA', 200 + 20 * i, 'x'.repeat(10), 501)
    expect(script.flows.held).toBeLessThanOrEqual(1000)
  }
  expect(script.heard.anomalies).toEqual(['held_too_much'])
  expect(script.heard.up.missing).toBeGreaterThan(99)
  script.flows.flush()
  expect([script.heard.up.length, script.heard.up.missing]).toEqual([889, 489])
})

test('a flow that is idle for too long is closed at the next packet of another', () => {
  const script = new Script({ idle: 1000 }).greet().wait(2000)
  const other = new Script({}, [51_000, 1883])
  expect(script.heard.closed).toBeNull()
  script.flows.packet(synOf(other, script.time))
  expect(script.ear.flows.map(one => one.closed)).toEqual(['timeout', null])
})

test('there are so many flows and no more: closed ones make room first, then the one that was idle longest', () => {
  const script = new Script({ maxFlows: 2 }).greet()
  script.flows.packet(synOf(new Script({}, [51_000, 1883]), script.time))
  script.up('R', 101)
  script.flows.packet(synOf(new Script({}, [52_000, 1883]), script.time))
  script.flows.packet(synOf(new Script({}, [53_000, 1883]), script.time))
  expect(script.flows.size).toBe(2)
  expect(script.ear.flows.map(one => one.closed)).toEqual(['reset', 'evicted', null, null])
  expect(script.flows.counts).toMatchObject({ packets: 7, segments: 7, flows: 4, evicted: 1 })
})

/** The SYN of another script, as a packet. */
function synOf(other: Script, time: number) {
  let packet: Parameters<Script['flows']['packet']>[0] | undefined
  other.flows.packet = one => {
    packet = one
  }
  other.up('S', 100)
  if (packet === undefined) throw new Error('nothing was said')
  return { ...packet, time }
}
